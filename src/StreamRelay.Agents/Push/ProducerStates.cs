using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Push;

/// <summary>The last event of each producer, read from the task's log. After a restart of the server the log is read again, so no state is lost.</summary>
internal sealed class ProducerStates
{
    private const string IdField = "producer_id";
    private const string EpochField = "producer_epoch";
    private const string SequenceField = "producer_seq";

    private readonly Dictionary<string, Producer> _last = [];

    /// <summary>The producer's last event, or <see langword="null"/>.</summary>
    public Producer? Find(string id) => _last.TryGetValue(id, out var last) ? last : null;

    /// <summary>The metadata of an event without the fields of a producer. Only <see cref="Tag"/> may write these fields, because the log is trusted to name the producer of an event.</summary>
    public static ReadOnlyMemory<byte> Untagged(ReadOnlyMemory<byte> metadata)
    {
        if (metadata.Span.IndexOf("\"producer_"u8) < 0)
            return metadata;

        using var document = JsonDocument.Parse(metadata);
        var fields = document.RootElement.EnumerateObject().Where(field => field.Name is not (IdField or EpochField or SequenceField)).ToArray();
        return fields.Length == 0 ? default : AgentEvents.Json(json => Array.ForEach(fields, field => field.WriteTo(json)));
    }

    /// <summary>The metadata of an event with the fields of its producer.</summary>
    public static ReadOnlyMemory<byte> Tag(ReadOnlyMemory<byte> metadata, Producer producer) => AgentEvents.Json(json =>
    {
        if (!metadata.IsEmpty)
            AgentEvents.CopyProperties(metadata, json);

        json.WriteString(IdField, producer.Id);
        json.WriteNumber(EpochField, producer.Epoch);
        json.WriteNumber(SequenceField, producer.Sequence);
    });

    /// <summary>Records the producer of an event that was appended to the log.</summary>
    public void OnAppended(ReadOnlyMemory<byte> metadata)
    {
        if (metadata.Span.IndexOf("\"producer_id\""u8) < 0)
            return;

        using var json = JsonDocument.Parse(metadata);
        if (json.RootElement.TryGetProperty(IdField, out var id))
            _last[id.GetString()!] = new(id.GetString()!, json.RootElement.GetProperty(EpochField).GetInt64(), json.RootElement.GetProperty(SequenceField).GetInt64());
    }
}
