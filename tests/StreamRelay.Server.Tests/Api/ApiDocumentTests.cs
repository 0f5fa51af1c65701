using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.AspNetCore.Fixtures;

namespace StreamRelay.Server.Api;

public sealed class ApiDocumentTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task The_route_table_the_authorization_matrix_and_the_document_have_the_same_routes()
    {
        var paths = (await fixture.App.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        var served =
            from endpoint in fixture.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
            select $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}";
        var documented = Operations(paths).Select(operation => $"{operation.Name.ToUpperInvariant()} {operation.Path}");

        Assert.Equal(RouteRows.All.Select(row => row.Route).Append("GET /openapi/{documentName}.json").Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
        Assert.Equal(
            RouteRows.All.Where(row => row is { IsAlias: false, Method: not "HEAD" }).Select(row => row.Route.Replace("{**", "{", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_route_is_described_with_a_name_a_summary_and_its_errors()
    {
        var paths = (await fixture.App.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        JsonElement[] operations = [.. Operations(paths).Select(operation => operation.Value)];

        Assert.All(operations, operation => Assert.NotEqual("", operation.GetProperty("summary").GetString()));
        Assert.All(operations, operation => Assert.NotEmpty(operation.GetProperty("responses").EnumerateObject()));
        Assert.Distinct(operations.Select(operation => operation.GetProperty("operationId").GetString()));
        var chat = paths.GetProperty("/v1/chat/completions").GetProperty("post");
        Assert.Equal("write_tutorial", chat.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetProperty("model").GetString());
        Assert.True(chat.GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("text/event-stream", out _));
        Assert.Contains(paths.GetProperty("/v1/tasks/{id}/events").GetProperty("get").GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("name").ValueEquals("Last-Event-ID"));
        Assert.Equal("task_not_found", paths.GetProperty("/v1/tasks/{id}").GetProperty("get").GetProperty("responses").GetProperty("404")
            .GetProperty("content").GetProperty("application/json").GetProperty("example").GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_field_is_required_where_it_is_always_there_also_in_a_type_of_a_field()
    {
        var schemas = (await fixture.App.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");

        Assert.Equal(["prompt_tokens", "completion_tokens", "total_tokens"], schemas.GetProperty("UsageView").GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["input"], schemas.GetProperty("TaskBody").GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Every_example_of_a_body_is_accepted()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Agents:external:Type"] = "push", ["StreamRelay:Tutorial:OfflinePause"] = "00:00:00" });
        var paths = (await app.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        foreach (var (path, example) in
            from path in paths.EnumerateObject()
            from operation in path.Value.EnumerateObject()
            where operation.Value.TryGetProperty("requestBody", out _)
            select (path.Name, operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText()))
        {
            using var started = await app.PostAsync("/v1/tasks", """{"agent":"external","input":"x","session_id":"s","operation_id":"op","tool_call_id":"call"}""");
            var task = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            using var created = await app.PostAsync("/v1/conversations", "{}");
            var conversation = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            var url = path.Replace("{id}", task).Replace("{operationId}", "op").Replace("{conversationId}", conversation).Replace("{agent}", "write_tutorial");

            using var answer = await app.PostAsync(url, example.Replace("01a1fc3490c470f698d90bf3e1de5334", task));

            Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    [Theory]
    [InlineData("/v1/tasks", """{"agent":"probe","input":"x","sessionId":"s"}""", "sessionId", "session_id")]
    [InlineData("/v1/tickets", """{"task":["x"]}""", "task", "tasks")]
    [InlineData("/v1/keys", """{"owner":"ann","requestsPerMinute":1}""", "requestsPerMinute", "requests_per_minute")]
    [InlineData("/v1/operations/x/complete", """{"succes":true}""", "succes", "success")]
    public async Task A_misspelt_field_is_refused_with_the_one_that_was_meant(string path, string body, string field, string meant)
    {
        using var answer = await fixture.App.PostAsync(path, body);

        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal((400, "unknown_field", field), ((int)answer.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Contains($"did you mean '{meant}'?", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/swagger/index.html")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task The_console_and_the_API_pages_are_served(string path) => Assert.True((await fixture.App.Client.GetAsync(path)).IsSuccessStatusCode);

    private static IEnumerable<(string Path, string Name, JsonElement Value)> Operations(JsonElement paths) =>
        from path in paths.EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name, operation.Value);
}
