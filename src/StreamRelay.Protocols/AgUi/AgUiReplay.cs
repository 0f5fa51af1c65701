using System.Runtime.InteropServices;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AgUi;

/// <summary>The beginning of a run that a client reads again. The client may hold a part of the answer, to which it would append the whole answer:
/// a snapshot of the messages before the run removes that part.</summary>
public static class AgUiReplay
{
    /// <summary>The option with the messages as the client sent them.</summary>
    internal const string Messages = "messages";

    /// <summary>The frames of the first entry, and the snapshot after it; the rest of the stream follows that entry.</summary>
    /// <param name="request">The task.</param>
    /// <param name="start">Its first entry.</param>
    /// <param name="input">Its input.</param>
    /// <returns>Empty when the input does not have the messages: the task was started in another protocol.</returns>
    public static ReadOnlyMemory<byte> ToFrames(TaskRequest request, in StreamEntry start, TaskInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Options.IsEmpty || !JsonElement.Parse(input.Options.Span).TryGetProperty(Messages, out var messages))
            return default;

        var frames = new SseWriter();
        frames.Begin(start.Offset);
        new AgUiEncoder(request).Encode(start, frames);
        var json = frames.BeginFrame();
        json.BeginObject();
        json.Token("type"u8, "MESSAGES_SNAPSHOT"u8);
        json.Value("messages"u8, JsonMarshal.GetRawUtf8Value(messages));
        json.Number("timestamp"u8, start.Time.ToUnixTimeMilliseconds());
        json.EndObject();
        frames.EndFrame();
        return frames.Written.ToArray();
    }
}
