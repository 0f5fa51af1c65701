using System.Buffers;
using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Native;

/// <summary>The native JSON of an entry, on one line.</summary>
internal sealed class NativeEvent(TaskRequest request)
{
    private static readonly string[] Reserved = ["type", "task_id", "sequence", "agent_name", "event_type", "content", "timestamp"];

    private readonly byte[] _head = Encoding.UTF8.GetBytes($"{{\"task_id\":\"{request.Id}\",\"sequence\":");

    private readonly byte[] _agent = Encoding.UTF8.GetBytes(request.Agent);

    /// <summary>Writes the event's own fields, then those of its metadata that are not named like one of them.</summary>
    public void Write(in StreamEntry entry, ArrayBufferWriter<byte> json)
    {
        json.Write(_head);
        json.WriteNumber(entry.Offset);
        json.Write(",\"agent_name\":"u8);
        json.WriteString(entry.Event.Agent is { } speaker ? Encoding.UTF8.GetBytes(speaker) : _agent);
        json.Write(",\"event_type\":\""u8);
        json.Write(entry.Event.Kind.ToUtf8Name());
        json.Write("\",\"content\":"u8);
        json.WriteString(entry.Event.Content.Span);
        json.Write(",\"timestamp\":"u8);
        WriteTime(entry.Time, json);
        if (!entry.Event.Metadata.IsEmpty)
            WriteMetadata(entry.Event.Metadata.Span, json);

        json.Write("}"u8);
    }

    /// <summary>RFC 3339, UTC, milliseconds.</summary>
    public static void WriteTime(DateTimeOffset time, ArrayBufferWriter<byte> json)
    {
        json.Write("\""u8);
        time.UtcDateTime.TryFormat(json.GetSpan(32), out var written, "yyyy-MM-ddTHH:mm:ss.fff");
        json.Advance(written);
        json.Write("Z\""u8);
    }

    private static void WriteMetadata(ReadOnlySpan<byte> metadata, ArrayBufferWriter<byte> json)
    {
        var reader = new Utf8JsonReader(metadata);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (Array.IndexOf(Reserved, name) >= 0)
            {
                reader.Skip();
                continue;
            }

            json.Write(","u8);
            json.WriteString(name);
            json.Write(":"u8);
            json.WriteValue(ref reader);
        }
    }
}
