using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace StreamRelay.Server.Api;

public sealed class ApiDocumentTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task Every_route_is_described_with_a_name_a_summary_and_its_errors()
    {
        var paths = (await fixture.App.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        var routes = fixture.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(route => "/" + route.RoutePattern.RawText!.Trim('/').Replace("{**id}", "{id}"))
            .Where(route => new[] { "/v1/", "/api/", "/ag-ui", "/download" }.Any(start => route.StartsWith(start, StringComparison.Ordinal))).Distinct();
        foreach (var route in routes)
        {
            Assert.True(paths.TryGetProperty(route, out var path), $"{route} is not described.");
            foreach (var operation in path.EnumerateObject().Where(operation => operation.Value.ValueKind == JsonValueKind.Object))
            {
                Assert.NotEqual("", operation.Value.GetProperty("operationId").GetString());
                Assert.NotEqual("", operation.Value.GetProperty("summary").GetString());
                Assert.NotEmpty(operation.Value.GetProperty("responses").EnumerateObject());
            }
        }

        var chat = paths.GetProperty("/v1/chat/completions").GetProperty("post");
        Assert.Equal("write_tutorial", chat.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetProperty("model").GetString());
        Assert.True(chat.GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("text/event-stream", out _));
        Assert.Equal("task_not_found", paths.GetProperty("/v1/tasks/{id}").GetProperty("get").GetProperty("responses").GetProperty("404")
            .GetProperty("content").GetProperty("application/json").GetProperty("example").GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/swagger/index.html")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task The_console_and_the_API_pages_are_served(string path) => Assert.True((await fixture.App.Client.GetAsync(path)).IsSuccessStatusCode);
}
