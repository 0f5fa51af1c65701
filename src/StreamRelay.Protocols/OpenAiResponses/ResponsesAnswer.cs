using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Folds a task into the response object so far, with the ids and the usage of its stream.</summary>
/// <param name="request">The task.</param>
public sealed class ResponsesAnswer(TaskRequest request)
{
    private readonly ResponsesEncoder _encoder = new(request);
    private readonly SseWriter _frames = new();

    /// <summary>Adds the next entry.</summary>
    /// <exception cref="System.Text.Json.JsonException">The metadata of the entry is not a JSON object.</exception>
    public void Add(in StreamEntry entry)
    {
        _frames.Begin(entry.Offset);
        _encoder.Encode(entry, _frames);
    }

    /// <summary>The response object.</summary>
    /// <param name="isQueued">Whether the task, if it has not ended, waits for its agent.</param>
    public ReadOnlyMemory<byte> ToJson(bool isQueued)
    {
        var buffer = new Utf8Buffer(1024);
        var json = new FrameJson(buffer);
        json.BeginObject();
        _encoder.Response.Write(ref json, isQueued ? "queued"u8 : "in_progress"u8, withOutput: true);
        json.EndObject();
        return buffer.WrittenMemory;
    }
}
