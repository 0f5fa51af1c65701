using StreamRelay.Redis.Resp;


namespace StreamRelay.Redis;

/// <summary>The last batches that Redis acknowledged, to be written again when it loses them: those of the last seconds, which a
/// server that writes to its disk every second may lose, and at most a megabyte.</summary>
internal sealed class RecentBatches(TimeProvider time)
{
    /// <summary>How long what was acknowledged may still be lost.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromSeconds(3);

    private const int MaxBytes = 1 << 20;

    private readonly Queue<(EntryId Id, RespCommand Add, long At)> _batches = new();
    private int _bytes;

    /// <summary>The newest one.</summary>
    public EntryId Last { get; private set; }

    public void Add(EntryId id, RespCommand add)
    {
        Last = id;
        _bytes += add.Encoded.Length;
        _batches.Enqueue((id, add, time.GetTimestamp()));
        while (_batches.Count > 1 && (_bytes > MaxBytes || time.GetElapsedTime(_batches.Peek().At) > Keep))
        {
            _bytes -= _batches.Dequeue().Add.Encoded.Length;
        }
    }

    /// <summary>What was written after an id, as far as it is kept, and the commands that wrote it.</summary>
    public IReadOnlyList<(EntryId Id, RespCommand Add)> After(EntryId id) =>
        [.. _batches.Where(batch => batch.Id > id).Select(batch => (batch.Id, batch.Add))];
}
