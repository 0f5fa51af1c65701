using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StreamRelay.Events;
using StreamRelay.Streams;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Conversations;

public sealed class ConversationTests
{
    private const string Instruction = """{"role":"system","content":"be brief"}""";

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_conversation_keeps_its_newest_turns_whole_and_what_instructs_the_agent()
    {
        var options = new StreamOptions { ConversationBytes = 10_000 };
        await using var relay = await Relay.StartAsync(async (context, token) => await context.OutputAsync("answer to " + context.Input.LastUserText(), token), options);
        var conversation = Create(relay, options);
        ReadOnlyMemory<byte> input = Encoding.UTF8.GetBytes($"[{Instruction},{User("turn 1")}]");
        for (var turn = 2; turn <= 30; turn++)
        {
            var earlier = await RunAsync(relay, input);
            input = (await conversation.ContinueAsync(earlier, Conversation.UserMessage(JsonSerializer.SerializeToUtf8Bytes(Text(turn))), None)).Messages;
            Assert.InRange(input.Length, 0, 10_000 + 2_000);
        }

        using var json = JsonDocument.Parse(input);
        var messages = json.RootElement.EnumerateArray().Select(message => (Role: message.GetProperty("role").GetString(), Content: message.GetProperty("content").GetString()!)).ToArray();
        Assert.Equal(("system", "be brief"), messages[0]);
        Assert.Equal(("user", Text(30)), messages[^1]);
        var turns = (messages.Length - 2) / 2;
        Assert.InRange(turns, 2, 5);
        for (var index = 0; index < turns; index++)
        {
            var text = Text(30 - turns + index);
            Assert.Equal([("user", text), ("assistant", "answer to " + text)], messages[(1 + (2 * index))..(3 + (2 * index))]);
        }
    }

    [Theory]
    [InlineData(1_000_000, true)]
    [InlineData(10, false)]
    public async Task An_answer_is_kept_with_its_turn_or_left_out_with_it(long bytes, bool isKept)
    {
        var options = new StreamOptions { ConversationBytes = bytes };
        await using var relay = await Relay.StartAsync(async (context, token) => await context.OutputAsync(new string('a', 1000), token));
        var earlier = await RunAsync(relay, "\"hello\""u8.ToArray());

        var continued = await Create(relay, options).ContinueAsync(earlier, Conversation.UserMessage("\"next\""u8.ToArray()), None);

        Assert.Equal((isKept ? 2 : 0, isKept), (continued.Earlier, continued.IsWhole));
        using var json = JsonDocument.Parse(continued.Messages);
        Assert.Equal(isKept ? ["user", "assistant", "user"] : ["user"], json.RootElement.EnumerateArray().Select(message => message.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Fields_that_the_server_sent_in_pieces_are_joined()
    {
        string[] pieces = ["""{"signature":"a","reasoning_details":[{"text":"1"}]}""", """{"signature":"b","reasoning_details":[{"text":"ü"},{"text":"3"}]}""", """{"other":[]}"""];
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            foreach (var piece in pieces)
                await context.PublishAsync(new(StreamEventKind.Thought, default, AgentEvents.Text(new(false, default, default, Encoding.UTF8.GetBytes(piece)))), token);
        });
        var earlier = await RunAsync(relay, "\"hello\""u8.ToArray());

        var continued = await Create(relay, new()).ContinueAsync(earlier, Conversation.UserMessage("\"next\""u8.ToArray()), None);

        var answer = JsonElement.Parse(continued.Messages.Span)[1];
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""{"role":"assistant","content":"","signature":"b","reasoning_details":[{"text":"1"},{"text":"ü"},{"text":"3"}],"other":[]}"""), answer), answer.GetRawText());
    }

    [Fact]
    public void Collecting_fields_costs_as_much_for_the_last_piece_as_for_the_first()
    {
        var piece = new Dictionary<string, JsonElement> { ["reasoning_details"] = JsonElement.Parse("""[{"text":"a"}]""") };
        var few = Allocated(1_000);
        Assert.InRange(Allocated(10_000), few, few * 20);

        long Allocated(int pieces)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var fields = new CollectedFields();
            for (var index = 0; index < pieces; index++)
                fields.Add(piece);

            Assert.Equal(pieces, fields.Join()["reasoning_details"].GetArrayLength());
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static Conversation Create(Relay relay, StreamOptions options) =>
        new(relay.Tasks, relay.Log, Options.Create(options), NullLogger<Conversation>.Instance);

    private static async Task<TaskRecord> RunAsync(Relay relay, ReadOnlyMemory<byte> input) =>
        await relay.EndAsync((await relay.Host.StartTaskAsync(relay.Request(), new(input), None)).Task);

    private static string Text(int turn) => $"turn {turn} {new string('x', 1000)}";

    private static string User(string text) => JsonSerializer.Serialize(new { role = "user", content = text });
}
