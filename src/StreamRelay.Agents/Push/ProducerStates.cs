using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Push;

/// <summary>The last event of each producer, folded from the task's log: a restart remembers what the log does.</summary>
internal sealed class ProducerStates
{
    private const string IdField = "producer_id";
    private const string EpochField = "producer_epoch";
    private const string SequenceField = "producer_seq";

    private readonly Dictionary<string, Producer> _last = [];

    /// <summary>The producer's last event, or <see langword="null"/>.</summary>
    public Producer? Find(string id) => _last.TryGetValue(id, out var last) ? last : null;

    /// <summary>The metadata of an event without what only <see cref="Sign"/> may write: the log's word on who pushed an event is believed.</summary>
    public static ReadOnlyMemory<byte> Unsigned(ReadOnlyMemory<byte> metadata)
    {
        if (metadata.Span.IndexOf("\"producer_"u8) < 0)
            return metadata;

        using var json = JsonDocument.Parse(metadata);
        var fields = json.RootElement.EnumerateObject().Where(field => field.Name is not (IdField or EpochField or SequenceField)).ToArray();
        return fields.Length == 0 ? default : AgentEvents.Json(unsigned => Array.ForEach(fields, field => field.WriteTo(unsigned)));
    }

    /// <summary>The metadata of an event, with its producer.</summary>
    public static ReadOnlyMemory<byte> Sign(ReadOnlyMemory<byte> metadata, Producer producer) => AgentEvents.Json(json =>
    {
        if (!metadata.IsEmpty)
            AgentEvents.CopyProperties(metadata, json);

        json.WriteString(IdField, producer.Id);
        json.WriteNumber(EpochField, producer.Epoch);
        json.WriteNumber(SequenceField, producer.Sequence);
    });

    /// <summary>Remembers an event of the log.</summary>
    public void Hear(ReadOnlyMemory<byte> metadata)
    {
        if (metadata.Span.IndexOf("\"producer_id\""u8) < 0)
            return;

        using var json = JsonDocument.Parse(metadata);
        if (json.RootElement.TryGetProperty(IdField, out var id))
            _last[id.GetString()!] = new(id.GetString()!, json.RootElement.GetProperty(EpochField).GetInt64(), json.RootElement.GetProperty(SequenceField).GetInt64());
    }
}
