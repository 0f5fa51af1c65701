using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StreamRelay.Conversations;
using StreamRelay.Events;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;
using StreamRelay.TestSupport.Upstreams;

namespace StreamRelay.Agents.Upstream.Answers;

public sealed class AnswerToolCallTests
{
    [Theory]
    [InlineData(UpstreamApi.Chat)]
    [InlineData(UpstreamApi.Responses)]
    [InlineData(UpstreamApi.Messages)]
    public async Task Arguments_that_are_larger_than_an_event_are_published_in_pieces(UpstreamApi api)
    {
        var arguments = $$"""{"text":"{{string.Concat(Enumerable.Repeat("ü", 1_500_000))}}"}""";
        await using var relay = await Relay.StartAsync((context, cancellationToken) => ReadAsync(api, arguments, context, cancellationToken));

        var task = await relay.EndAsync(await relay.RunAsync());

        Assert.Equal((TaskState.Completed, null), (task.State, task.Error));
        var entries = await relay.ReadAllAsync(task.Id);
        Assert.All(entries, entry => Assert.InRange(entry.Event.Size, 0, 1 << 20));
        Assert.Equal(arguments, string.Concat(entries.Where(entry => entry.Event.Kind == StreamEventKind.ActionDelta).Select(entry => Encoding.UTF8.GetString(entry.Event.Content.Span))));
        Assert.Single(entries, entry => entry.Event.Kind == StreamEventKind.Action);

        var conversation = new Conversation(relay.Tasks, relay.Log, Options.Create(new Streams.StreamOptions { ConversationBytes = 64 << 20 }), NullLogger<Conversation>.Instance);
        var messages = JsonElement.Parse((await conversation.ContinueAsync(task, Conversation.UserMessage("\"next\""u8.ToArray()), CancellationToken.None)).Messages.Span);
        Assert.Equal(arguments, messages[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
    }

    private static async Task ReadAsync(UpstreamApi api, string arguments, AgentContext context, CancellationToken cancellationToken)
    {
        var answer = api switch
        {
            UpstreamApi.Chat => Chunks.Call($$$"""{"index":0,"id":"c","function":{"name":"f","arguments":{{{JsonSerializer.Serialize(arguments)}}}}}""") + Chunks.Finish("tool_calls"),
            UpstreamApi.Responses => ResponsesFrames.Completed(ResponsesFrames.Call("c", arguments)),
            _ => MessagesFrames.Start + MessagesFrames.Call(0, "c") + MessagesFrames.Arguments(0, arguments) + MessagesFrames.End(0) + MessagesFrames.Finish("tool_use"),
        };
        var reader = api.CreateReader(new(context), new("", []));
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(answer));
        await foreach (var frame in AnswerBody.ReadAsync(body, cancellationToken))
            await reader.AddAsync(frame, cancellationToken);

        await reader.CompleteAsync(cancellationToken);
    }
}
