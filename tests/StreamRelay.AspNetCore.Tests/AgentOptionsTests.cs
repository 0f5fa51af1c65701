using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.Agents;

namespace StreamRelay.AspNetCore;

/// <summary>The options of an agent come with a request of any protocol, and a request with wrong ones starts nothing.</summary>
public sealed class AgentOptionsTests : IAsyncLifetime
{
    private const string Messages = """[{"role":"user","content":"hi"}]""";

    private HostApp _app = null!;

    /// <summary>A path, and a request with <c>OPTIONS</c> where its options are, and where they are in errors.</summary>
    public static TheoryData<string, string, string> Protocols { get; } = new()
    {
        { "/v1/tasks", """{"agent":"report","input":"hi","metadata":OPTIONS}""", "metadata" },
        { "/v1/chat/completions", $$"""{"model":"report","messages":{{Messages}},"metadata":OPTIONS}""", "metadata" },
        { "/v1/responses", """{"model":"report","input":"hi","metadata":OPTIONS}""", "metadata" },
        { "/v1/messages", $$"""{"model":"report","max_tokens":10,"messages":{{Messages}},"metadata":OPTIONS}""", "metadata" },
        { "/api/chat", """{"id":"chat","agent":"report","messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"hi"}]}],"metadata":OPTIONS}""", "metadata" },
        { "/ag-ui/report", """{"threadId":"t","runId":"r","state":{},"messages":[{"id":"1","role":"user","content":"hi"}],"tools":[],"context":[],"forwardedProps":OPTIONS}""", "forwardedProps" },
    };

    public async Task InitializeAsync() => _app = await HostApp.StartAsync(new HostAppParts { Services = services => services.AddAgent<Report, ReportOptions>("report") });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task The_agent_gets_its_options(string path, string request, string field)
    {
        using var answer = await PostAsync(path, request, """{"pages":3}""");

        Assert.Equal((true, ""), (answer.IsSuccessStatusCode, answer.IsSuccessStatusCode ? "" : field));
        await answer.Content.ReadAsStringAsync();
        var task = (await _app.Client.GetFromJsonAsync<JsonElement>("/v1/tasks")).GetProperty("data")[0].GetProperty("id").GetString();
        var events = await _app.Client.GetStringAsync($"/v1/tasks/{task}/events");
        Assert.Contains("3 pages", events);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Wrong_options_are_a_400_that_names_the_field_and_no_task_is_made(string path, string request, string field)
    {
        using var answer = await PostAsync(path, request, """{"pages":300}""");

        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"'{field}.pages' must have this form: ", Regex.Unescape(body));
        Assert.Equal(0, (await _app.Client.GetFromJsonAsync<JsonElement>("/v1/tasks")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task An_error_has_the_shape_of_its_protocol()
    {
        using var chat = await PostAsync("/v1/chat/completions", $$"""{"model":"report","messages":{{Messages}},"metadata":OPTIONS}""", """{"page":3}""");
        using var messages = await PostAsync("/v1/messages", $$"""{"model":"report","max_tokens":10,"messages":{{Messages}},"metadata":OPTIONS}""", """{"page":3}""");

        var error = (await chat.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(("metadata.page", "invalid_options", "invalid_request_error"), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.Equal(
            "'metadata.page' is none of the agent's options, which are pages. GET /v1/models/report has the options of the agent.", error.GetProperty("message").GetString());
        Assert.Equal("error", (await messages.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task The_schema_of_the_options_is_published_with_the_model()
    {
        var model = await _app.Client.GetFromJsonAsync<JsonElement>("/v1/models/report");
        var other = await _app.Client.GetFromJsonAsync<JsonElement>("/v1/models/echo");
        var list = await _app.Client.GetFromJsonAsync<JsonElement>("/v1/models");

        Assert.Equal(9, model.GetProperty("options_schema").GetProperty("properties").GetProperty("pages").GetProperty("maximum").GetInt32());
        Assert.False(other.TryGetProperty("options_schema", out _));
        Assert.Contains(list.GetProperty("data").EnumerateArray(), item => item.TryGetProperty("options_schema", out _));
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string request, string options) =>
        await _app.SendAsync(HttpMethod.Post, path, null, new StringContent(request.Replace("OPTIONS", options), System.Text.Encoding.UTF8, "application/json"));

    private sealed class ReportOptions
    {
        [Range(1, 9)]
        public int Pages { get; init; } = 1;
    }

    private sealed class Report : IAgentRunner
    {
        public async Task RunAsync(AgentContext context, CancellationToken cancellationToken) =>
            await context.OutputAsync($"{context.Options<ReportOptions>().Pages} pages", cancellationToken);
    }
}
