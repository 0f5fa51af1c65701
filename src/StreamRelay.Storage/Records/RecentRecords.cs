using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>
/// The records that were stored or read most recently, up to about 16 MiB. Only commits add and remove records, in their order, so that a record that
/// is found here is the stored one. Safe to use from any thread.
/// </summary>
internal sealed class RecentRecords
{
    private const int GenerationBytes = 8 << 20;
    private const int EmptyRecordBytes = 1 << 10;

    private readonly Lock _gate = new();
    private Dictionary<TaskId, TaskRecord> _young = [];
    private Dictionary<TaskId, TaskRecord> _old = [];
    private long _youngBytes;

    /// <summary>The record, or <see langword="null"/> when it is not here.</summary>
    public TaskRecord? Find(TaskId id)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(id, out var record))
                return record;
            if (_old.TryGetValue(id, out record))
                Add(record);
            return record;
        }
    }

    /// <summary>Adds or replaces a record. When there are too many bytes, the records that were not used for the longest time are forgotten.</summary>
    public void Set(TaskRecord record)
    {
        lock (_gate)
            Add(record);
    }

    public void Remove(TaskId id)
    {
        lock (_gate)
        {
            RemoveYoung(id);
            _old.Remove(id);
        }
    }

    private void Add(TaskRecord record)
    {
        RemoveYoung(record.Id);
        _old.Remove(record.Id);
        if (_youngBytes > GenerationBytes)
            (_old, _young, _youngBytes) = (_young, [], 0);

        _young.Add(record.Id, record);
        _youngBytes += Bytes(record);
    }

    private void RemoveYoung(TaskId id)
    {
        if (_young.Remove(id, out var replaced))
            _youngBytes -= Bytes(replaced);
    }

    private static long Bytes(TaskRecord record) => EmptyRecordBytes + record.Request.Metadata.Length + record.Request.Protocol.Length
        + (sizeof(char) * ((record.Result?.Length ?? 0) + (record.Error?.Message.Length ?? 0))) + (record.Files.Count * EmptyRecordBytes);
}
