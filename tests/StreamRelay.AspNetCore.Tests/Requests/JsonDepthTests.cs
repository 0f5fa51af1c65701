using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>What is nested as deeply as the server accepts can be read everywhere; deeper JSON is refused.</summary>
public sealed class JsonDepthTests
{
    private const int Accepted = 56;

    [Fact]
    public async Task Deep_metadata_is_refused_at_the_start_or_shown_wherever_the_task_is()
    {
        await using var host = await HostApp.StartAsync();

        using var deeper = await StartAsync(host, Accepted - 1);
        using var deep = await StartAsync(host, Accepted - 2);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), (deeper.StatusCode, await deeper.CodeAsync()));
        Assert.Equal(HttpStatusCode.Created, deep.StatusCode);
        using var list = await host.GetAsync("/v1/tasks");
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        Assert.Single((await list.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData("native")]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    [InlineData("ai-sdk")]
    [InlineData("ag-ui")]
    public async Task A_deep_event_is_refused_or_can_be_read_in_every_protocol(string protocol)
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Agents:push:Type", "push"));
        using var started = await host.StartTaskAsync(null, "push");
        var events = $"/v1/tasks/{(await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()}/events";

        using var deeper = await PushAsync(host, events, $$"""{"event_type":"data","name":"n","data":{{Nested(Accepted)}}}""");
        using var deep = await PushAsync(host, events, $$"""{"event_type":"data","name":"n","data":{{Nested(Accepted - 1)}}}""");
        using var call = await PushAsync(host, events, $$"""{"event_type":"action","tool_call_id":"c","tool_name":"t","input":{{Nested(Accepted - 1)}}}""");
        using var end = await PushAsync(host, events, """{"event_type":"end"}""");

        Assert.Equal(HttpStatusCode.BadRequest, deeper.StatusCode);
        Assert.All([deep, call, end], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        using var stream = await host.GetAsync($"{events}?protocol={protocol}");
        foreach (var line in (await stream.Content.ReadAsStringAsync()).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
            JsonElement.Parse(line.AsSpan(6));
    }

    private static Task<HttpResponseMessage> StartAsync(HostApp host, int depth) => host.Client.PostAsync(
        "/v1/tasks", Json($$"""{"agent":"echo","metadata":{"deep":{{Nested(depth)}} },"input":"hello"}"""));

    private static Task<HttpResponseMessage> PushAsync(HostApp host, string path, string json) => host.Client.PostAsync(path, Json(json));

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
