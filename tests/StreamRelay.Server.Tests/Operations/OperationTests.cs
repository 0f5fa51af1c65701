using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.Server.Operations;

/// <summary>Tasks that wait for an operation elsewhere, which is completed over HTTP.</summary>
public sealed class OperationTests
{
    [Fact]
    public async Task A_success_becomes_one_observation_and_one_end_however_often_its_message_is_delivered()
    {
        using var app = App();
        var id = await WaitAsync(app, "op/1");
        foreach (var result in (string[])["""{"rows":42}""", "\"another\""])
        {
            var task = await CompleteAsync(app, "op%2F1", $$"""{"success":true,"result":{{result}}}""");
            Assert.Equal(("completed", """{"rows":42}"""), (task.GetProperty("status").GetString(), task.GetProperty("result").GetRawText()));
        }

        var events = Events(await app.ReadAsync(id));
        var observation = Assert.Single(events, json => json.GetProperty("event_type").GetString() == "observation");
        Assert.Equal(("call", 42), (observation.GetProperty("tool_call_id").GetString(), observation.GetProperty("output").GetProperty("rows").GetInt32()));
        Assert.Equal("end", events[^1].GetProperty("event_type").GetString());
    }

    [Fact]
    public async Task A_failure_ends_the_task_with_its_reason()
    {
        using var app = App();
        await WaitAsync(app, "op");
        var error = (await CompleteAsync(app, "op", """{"success":false,"error":"No rows."}""")).GetProperty("error");
        Assert.Equal(("operation_failed", "No rows."), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Concurrent_completions_of_one_operation_end_the_task_once()
    {
        using var app = App();
        var id = await WaitAsync(app, "op");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => CompleteAsync(app, "op", $$"""{"success":true,"result":{{number}}}""")));
        Assert.Equal(["start", "observation", "usage", "end"], Events(await app.ReadAsync(id)).Select(json => json.GetProperty("event_type").GetString()));
    }

    [Fact]
    public async Task No_producer_can_use_the_reserved_producer_of_completions()
    {
        using var app = App();
        var id = await WaitAsync(app, "op");
        using var push = new HttpRequestMessage(HttpMethod.Post, $"/v1/tasks/{id}/events") { Content = RelayApp.Json("""[{"event_type":"output","content":"1"},{"event_type":"output","content":"2"}]""") };
        push.Headers.Add("Producer-Id", "operation");
        push.Headers.Add("Producer-Epoch", "0");
        push.Headers.Add("Producer-Seq", "0");
        (await app.Client.SendAsync(push)).EnsureSuccessStatusCode();
        Assert.Equal("completed", (await CompleteAsync(app, "op", """{"success":true,"result":1}""")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_task_without_an_operation_is_named_by_its_id()
    {
        using var app = App();
        var id = await app.StartAsync("x", "remote");
        await CompleteAsync(app, "unknown", $$"""{"success":true,"result":"text","task_id":"{{id}}"}""");
        Assert.Contains("\"content\":\"text\"", await app.ReadAsync(id));
    }

    [Theory]
    [InlineData("/v1/operations/none/complete", """{"success":true}""", 404, "operation_id")]
    [InlineData("/v1/operations/none/complete", "{}", 400, "success")]
    [InlineData("/v1/operations/none/complete", """{"success":1}""", 400, "success")]
    [InlineData("/v1/tasks", """{"agent":"remote","input":"x","operation_id":"o"}""", 400, "session_id")]
    [InlineData("/v1/tasks", """{"agent":"remote","input":"x","operation_id":"o","session_id":"s"}""", 400, "tool_call_id")]
    public async Task An_impossible_value_is_refused_and_its_field_is_named(string path, string body, int status, string param)
    {
        using var app = App();
        using var answer = await app.PostAsync(path, body);
        Assert.Equal((status, param), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("param").GetString()));
    }

    private static RelayApp App() => new(new() { ["StreamRelay:Agents:remote:Type"] = "push" });

    private static async Task<string> WaitAsync(RelayApp app, string operation)
    {
        using var started = await app.Client.PostAsJsonAsync("/v1/tasks", new { agent = "remote", input = "x", operation_id = operation, session_id = "s", tool_call_id = "call" });
        return (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> CompleteAsync(RelayApp app, string operation, string body)
    {
        using var answer = await app.PostAsync($"/v1/operations/{operation}/complete", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static List<JsonElement> Events(string stream) =>
        [.. SseText.Frames(stream).Select(frame => JsonElement.Parse(SseText.Data(frame))).Where(json => json.TryGetProperty("event_type", out _))];
}
