using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.Server.Connections;

/// <summary>Each protocol through nginx with its default settings.</summary>
public sealed class NginxTests(NginxFixture fixture) : IClassFixture<NginxFixture>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly HttpClient _client = fixture.Client;

    [Theory]
    [InlineData("native")]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    [InlineData("ai-sdk")]
    [InlineData("ag-ui")]
    public async Task The_first_token_arrives_while_the_agent_is_still_running(string protocol)
    {
        // One word per second: a buffer of one page would delay more than ten of them.
        using var stream = await Wire.StartAsync(_client, protocol, "count 1000 1000").WaitAsync(Deadline);
        await stream.ReadUntilAsync("\"t1 \"").WaitAsync(Deadline);
        var task = await _client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{stream.TaskId}");
        Assert.Equal("running", task.GetProperty("status").GetString());
        Assert.InRange(task.GetProperty("last_sequence").GetInt64(), 2, 6);

        using var stopped = await _client.PostAsync($"/v1/tasks/{stream.TaskId}/stop", null);
        var received = ReceivedStream.Parse(protocol, await stream.ReadToEndAsync().WaitAsync(Deadline));
        Assert.Equal("stopped", received.Status);
        Assert.StartsWith("t1 ", received.Text);
    }

    [Theory]
    [InlineData("native")]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    [InlineData("ai-sdk")]
    [InlineData("ag-ui")]
    public async Task A_failure_is_never_received_as_a_success_and_a_success_always_is(string protocol)
    {
        for (var run = 0; run < 10; run++)
        {
            var (exit, output, _) = await CurlAsync(protocol, $"fail {run * 20} 0");
            var received = ReceivedStream.Parse(protocol, output);
            Assert.True(exit != 0 || received.Status == "failed", $"Run {run}: curl ended with {exit} after {output}");
            Assert.NotEqual("completed", received.Status);

            (exit, output, var id) = await CurlAsync(protocol, $"count {run * 20} 0");
            Assert.Equal(0, exit);
            Assert.Equal("completed", ReceivedStream.Parse(protocol, output).Status);
            Assert.Equal(SseText.Frames(await fixture.Direct.GetStringAsync(Wire.Events(id, protocol))), SseText.Frames(output));
        }
    }

    private async Task<(int Exit, string Output, string Id)> CurlAsync(string protocol, string input)
    {
        var (path, body) = Wire.Request(protocol, input);
        var (exit, output) = await Curl.RunAsync("-N", "-i", $"{_client.BaseAddress}{path[1..]}", "-d", body);
        var (head, content) = Split(output);
        var id = Id(head);
        if (protocol == "native")
            (exit, content) = await Curl.RunAsync("-N", $"{_client.BaseAddress}{Wire.Events(id, protocol)[1..]}");

        return (exit, content, id);
    }

    private static (string Head, string Content) Split(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0, $"Not an answer: {answer}");
        return (answer[..end], answer[(end + 4)..]);
    }

    private static string Id(string head) =>
        head.Split("\r\n").Single(line => line.StartsWith("X-Task-Id: ", StringComparison.OrdinalIgnoreCase))["X-Task-Id: ".Length..];
}
