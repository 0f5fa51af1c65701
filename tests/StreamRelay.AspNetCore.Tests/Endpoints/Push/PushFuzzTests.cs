using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Requests;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>Events that are pushed in lines or in a list, changed at random: each is accepted, or refused with its place.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class PushFuzzTests
{
    private const int MaxBytes = 1 << 10;

    // Lines then reach over several segments.
    private static readonly StreamPipeReaderOptions Pieces = new(bufferSize: 64, minimumReadSize: 16);

    [Fact]
    public void Lines_that_arrive_in_pieces_are_read_or_refused_with_their_number() => Fuzz.Bytes(50_000, Bodies(), input =>
    {
        var lines = new PushLines(PipeReader.Create(new MemoryStream(input), Pieces), MaxBytes);
        try
        {
            while (lines.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } events)
                Assert.NotEmpty(events);
        }
        catch (RequestException refusal)
        {
            Assert.True(refusal.Status is 400 or 413);
            Assert.Contains("ine ", refusal.Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void One_event_or_a_list_of_them_is_read_or_refused() => Fuzz.Json(50_000, [.. SampleEvents.Json, $"[{string.Join(',', SampleEvents.Json)}]", "[]"], input =>
    {
        try
        {
            var events = PushEvents.ReadAll(input);
            Assert.NotEmpty(events);
            Assert.DoesNotContain(events.SkipLast(1), one => one.Kind.IsTerminal());
        }
        catch (Exception exception) when (exception is RequestException { Status: 400 } or JsonException)
        {
        }
    });

    private static byte[][] Bodies() =>
    [
        Encoding.UTF8.GetBytes(string.Join('\n', SampleEvents.Json)),
        Encoding.UTF8.GetBytes(string.Join("\r\n\r\n", SampleEvents.Json.Take(3)) + "\n"),
        Encoding.UTF8.GetBytes($$"""{"event_type":"output","content":"{{new string('x', MaxBytes)}}"}"""),
        "\n \n\r\n"u8.ToArray(),
    ];
}
