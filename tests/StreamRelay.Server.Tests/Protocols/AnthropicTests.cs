using System.Net.Http.Json;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace StreamRelay.Server.Protocols;

/// <summary>Anthropic Messages through the official .NET client.</summary>
public sealed class AnthropicTests(AppFixture fixture) : IClassFixture<AppFixture>, IDisposable
{
    private readonly AnthropicClient _client = new() { BaseUrl = fixture.App.Address.ToString().TrimEnd('/'), ApiKey = "none" };

    [Fact]
    public async Task A_stream_and_a_plain_answer_have_the_same_content()
    {
        var streamed = await _client.Messages.CreateStreaming(Ask("count 100 0")).Aggregate();
        var whole = await _client.Messages.Create(Ask("count 100 0"));
        foreach (var message in (Message[])[streamed, whole])
        {
            Assert.True(Assert.Single(message.Content).TryPickText(out var text));
            Assert.Equal(string.Concat(Enumerable.Range(1, 100).Select(number => $"t{number} ")), text.Text);
            Assert.Equal("end_turn", message.StopReason!.Raw());
            Assert.Equal(100, message.Usage.OutputTokens);
            Assert.StartsWith("msg_", message.ID);
        }
    }

    [Fact]
    public async Task Reasoning_and_calls_are_blocks()
    {
        var reasoned = await _client.Messages.CreateStreaming(Ask("reason 3 0")).Aggregate();
        Assert.True(reasoned.Content[0].TryPickThinking(out var thinking));
        Assert.True(reasoned.Content[1].TryPickText(out var text));
        Assert.Equal(("t1 t2 t3 ", "done"), (thinking.Thinking, text.Text));

        foreach (var message in (Message[])[await _client.Messages.CreateStreaming(Ask("call 5 0")).Aggregate(), await _client.Messages.Create(Ask("call 5 0"))])
        {
            Assert.True(Assert.Single(message.Content).TryPickToolUse(out var call));
            Assert.Equal(("get_weather", "Paris", "tool_use"), (call.Name, call.Input["city"].GetString(), message.StopReason!.Raw()));
        }
    }

    [Fact]
    public async Task A_failure_is_raised_however_late_it_comes()
    {
        var plain = await Assert.ThrowsAnyAsync<AnthropicApiException>(() => _client.Messages.Create(Ask("fail 2 0")));
        Assert.Equal(424, (int)plain.StatusCode);
        Assert.Contains("probe_failed", plain.ResponseBody);

        var text = "";
        var late = await Assert.ThrowsAnyAsync<AnthropicException>(async () =>
        {
            await foreach (var update in _client.Messages.CreateStreaming(Ask("fail 50 0")))
            {
                if (update.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
                    text += piece.Text;
            }
        });
        Assert.Contains("t50 ", text);
        Assert.Contains("probe_failed", late.Message);
    }

    [Fact]
    public async Task Refusals_have_their_own_types_and_a_failed_task_is_not_started_again()
    {
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() => _client.Messages.Create(Ask("x", "nobody")));
        var before = await NewestAsync();
        await Assert.ThrowsAnyAsync<AnthropicApiException>(() => _client.Messages.Create(Ask("fail 1 0")));
        var tasks = await fixture.App.Client.GetFromJsonAsync<JsonElement>("/v1/tasks?limit=2");
        Assert.Equal(before, tasks.GetProperty("data")[1].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Tokens_are_counted_by_estimate()
    {
        var count = await _client.Messages.CountTokens(new() { Model = "probe", Messages = [new UserMessageParam(new string('x', 400))] });
        Assert.Equal(100, count.InputTokens);
    }

    [Fact]
    public async Task A_stream_that_is_cancelled_leaves_its_task_running_to_its_end()
    {
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in _client.Messages.CreateStreaming(Ask("count 100 5"), cancellation.Token))
            {
                if (update.TryPickContentBlockDelta(out _))
                    await cancellation.CancelAsync();
            }
        });
        Assert.Equal("completed", (await fixture.App.TaskAsync(await NewestAsync())).GetProperty("status").GetString());
    }

    public void Dispose() => _client.Dispose();

    private static MessageCreateParams Ask(string text, string model = "probe") =>
        new() { Model = model, MaxTokens = 1000, Messages = [new UserMessageParam(text)] };

    private async Task<string> NewestAsync() =>
        (await fixture.App.Client.GetFromJsonAsync<JsonElement>("/v1/tasks?limit=1")).GetProperty("data")[0].GetProperty("id").GetString()!;
}
