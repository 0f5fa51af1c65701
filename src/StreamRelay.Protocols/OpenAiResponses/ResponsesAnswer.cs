using System.Text;
using StreamRelay.Conversations;
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

    /// <summary>The items of the output that a conversation keeps: all but calls that were cut, which nobody can answer.</summary>
    public IReadOnlyList<ConversationItem> ToItems() => [.. _encoder.Response.Items.Where(static item => item.Call is null || item.IsWhole).Select(Write)];

    private static ConversationItem Write(ResponsesItem item)
    {
        var buffer = new Utf8Buffer(1024);
        var json = new FrameJson(buffer);
        json.BeginObject();
        item.Write(ref json, isNew: false);
        json.EndObject();
        return new(Encoding.UTF8.GetString(item.Id), buffer.WrittenMemory);
    }
}
