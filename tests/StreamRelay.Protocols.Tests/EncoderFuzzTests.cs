using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Sse;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.Protocols;

/// <summary>Every event that is accepted from outside can be shown in every protocol.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class EncoderFuzzTests
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 64 };

    [Theory]
    [MemberData(nameof(GoldenTests.Protocols), MemberType = typeof(GoldenTests))]
    public void An_accepted_event_becomes_whole_frames(IStreamProtocol protocol)
    {
        var writer = new SseWriter();
        Fuzz.Json(15_000, SampleEvents.Json, input =>
        {
            if (Read(input) is not { } read)
                return;

            // A tool call that is open when the event comes, and the end.
            var encoder = protocol.CreateEncoder(Transcript.Request);
            Check(encoder, writer, 1, Transcript.Everything[0]);
            Check(encoder, writer, 2, AgentEvents.ActionStart("c", "look", "agent"));
            Check(encoder, writer, 3, read);
            if (!read.Kind.IsTerminal())
                Check(encoder, writer, 4, Transcript.Completed);
        });
    }

    private static StreamEvent? Read(byte[] input)
    {
        try
        {
            return EventReader.Read(input, out _);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Check(IStreamEncoder encoder, SseWriter writer, long offset, StreamEvent streamEvent)
    {
        writer.Begin(offset);
        encoder.Encode(new StreamEntry(offset, DateTimeOffset.UnixEpoch, streamEvent), writer);
        foreach (var frame in Encoding.UTF8.GetString(writer.Written).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var data = frame[(frame.IndexOf("\ndata: ", StringComparison.Ordinal) + 7)..];
            if (data != "[DONE]")
                JsonDocument.Parse(data, Deep).Dispose();
        }
    }
}
