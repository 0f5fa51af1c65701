using System.Text;
using System.Text.Json;
using CsCheck;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.Renderings;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Protocols;

/// <summary>Text of every kind, through the whole core and every format.</summary>
public sealed class TextSafetyTests
{
    private const string Tricky = "a\rb\nc\r\nd\0e\u0085f\u2028g\u2029h\"\\/\t😀👩‍🚀🇩🇪e\u0301漢\uFEFF\u202Edata: x\n\nid: 9\n\nevent: error\n\n[DONE]\u007f\u001b";

    // Units rather than characters, so that pieces begin and end within surrogate pairs.
    private static readonly Gen<List<string>> Pieces = Gen.OneOf(Tricky.ToCharArray()).Array[1, 8].Select(units => new string(units)).List[1, 12];

    [Fact]
    public async Task Text_split_at_every_boundary_is_whole_in_every_protocol()
    {
        for (var cut = 0; cut <= Tricky.Length; cut++)
            await AssertRoundTripAsync(Tricky, [Tricky[..cut], Tricky[cut..]]);

        await AssertRoundTripAsync(Tricky, Tricky.Select(unit => unit.ToString()));
    }

    [Fact]
    public async Task Halves_of_surrogate_pairs_that_stay_alone_are_replaced() =>
        await AssertRoundTripAsync("a\uFFFDb\uFFFD\uFFFDc\uFFFD", ["a\uD83D", "b\uDE00", "\uDE00c", "\uD83D"]);

    [Fact]
    public async Task A_megabyte_in_one_event_comes_back_whole_in_every_format()
    {
        var text = string.Concat(Enumerable.Repeat("漢字😀\n", 1_000_000 / 11));
        await AssertRoundTripAsync(text, [text]);
    }

    [Fact]
    public async Task Any_UTF_16_in_any_pieces_comes_back_with_pairs_joined_and_single_halves_replaced() => await Pieces.SampleAsync(
        pieces => AssertRoundTripAsync(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(string.Concat(pieces))), pieces), iter: Seeds.Count(100));

    private static async Task AssertRoundTripAsync(string expected, IEnumerable<string> pieces)
    {
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            foreach (var piece in pieces)
                await context.OutputAsync(piece, token);
        });
        var cache = new RenderingCache(relay.Streams, relay.Readers, relay.Options, relay.Time);
        var task = await relay.EndAsync(await relay.RunAsync());
        Assert.Equal(expected, await ReadAsync(cache, task, NativeProtocol.Unnamed, json => json.TryGetProperty("event_type", out var type) && type.GetString() == "output" ? json.GetProperty("content").GetString() : ""));
        Assert.Equal(expected, await ReadAsync(cache, task, OpenAiChatProtocol.Instance, json => json.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));

        var fold = new OpenAiChatAnswer(task.Request);
        foreach (var entry in await relay.ReadAllAsync(task.Id))
            fold.Add(entry);

        Assert.Equal(expected, JsonElement.Parse(fold.ToJson().Span).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.DoesNotContain("\\ud83d", Encoding.UTF8.GetString(fold.ToJson().Span), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<string> ReadAsync(RenderingCache cache, TaskRecord task, IStreamProtocol protocol, Func<JsonElement, string?> text)
    {
        var stream = await new PipeClient(cache, task.Request, protocol).ReadAsync();
        var lines = stream.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length == 0 || line.StartsWith("id: ", StringComparison.Ordinal) || line.StartsWith("data: ", StringComparison.Ordinal), line));
        return string.Concat(lines.Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => text(JsonElement.Parse(line[6..]))));
    }
}
