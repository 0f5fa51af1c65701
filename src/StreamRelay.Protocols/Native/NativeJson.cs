using System.Globalization;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Native;

/// <summary>The native JSON of the entries of one task.</summary>
internal sealed class NativeJson
{
    private readonly byte[] _taskId;
    private readonly byte[] _agentName;

    public NativeJson(TaskRequest request)
    {
        _taskId = JsonLine.Encode((ref FrameJson json) => json.Text("task_id"u8, request.Id.ToString()));
        _agentName = JsonLine.Encode((ref FrameJson json) => json.Text("agent_name"u8, request.Agent));
    }

    /// <summary>Writes the fields of the event, then those of its metadata whose names are not reserved.</summary>
    public void Write(ref FrameJson json, in StreamEntry entry)
    {
        json.BeginObject();
        json.Members(_taskId);
        json.Number("sequence"u8, entry.Offset);
        if (entry.Event.Agent is { } speaker)
            json.Text("agent_name"u8, speaker);
        else
            json.Members(_agentName);

        json.Token("event_type"u8, entry.Event.Kind.ToUtf8Name());
        json.Text("content"u8, entry.Event.Content.Span);
        WriteTime(ref json, entry.Time);
        if (!entry.Event.Metadata.IsEmpty)
            WriteMetadata(ref json, entry.Event.Metadata.Span);

        json.EndObject();
    }

    /// <summary>Writes the field <c>task_id</c>.</summary>
    public void WriteTaskId(ref FrameJson json) => json.Members(_taskId);

    /// <summary>Writes the field <c>agent_name</c> with the task's agent.</summary>
    public void WriteAgentName(ref FrameJson json) => json.Members(_agentName);

    /// <summary>Writes the field <c>timestamp</c>: RFC 3339, UTC, milliseconds.</summary>
    public static void WriteTime(ref FrameJson json, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte["2026-11-20T10:00:00.1230000Z".Length];
        time.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text["2026-11-20T10:00:00.123".Length] = (byte)'Z';
        json.Token("timestamp"u8, text[.."2026-11-20T10:00:00.123Z".Length]);
    }

    private static void WriteMetadata(ref FrameJson json, ReadOnlySpan<byte> metadata)
    {
        var reader = new Utf8JsonReader(metadata);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (IsReserved(ref reader))
                reader.Skip();
            else
                json.Member(ref reader);
        }
    }

    private static bool IsReserved(ref Utf8JsonReader name) =>
        name.ValueTextEquals("type"u8) || name.ValueTextEquals("task_id"u8) || name.ValueTextEquals("sequence"u8) || name.ValueTextEquals("agent_name"u8)
        || name.ValueTextEquals("event_type"u8) || name.ValueTextEquals("content"u8) || name.ValueTextEquals("timestamp"u8);
}
