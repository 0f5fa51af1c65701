using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Memory;

/// <summary>The log of one task in memory.</summary>
internal sealed class MemoryLog(TaskId task)
{
    private readonly Lock _gate = new();
    private readonly List<StreamEntry> _entries = [];
    private long _epoch = long.MinValue;
    private bool _deleted;

    public long NextOffset
    {
        get
        {
            lock (_gate)
                return _entries.Count + 1;
        }
    }

    public void Open(long epoch)
    {
        lock (_gate)
        {
            if (epoch < _epoch)
                throw new StaleEpochException(task, epoch);
            _epoch = epoch;
        }
    }

    public void Append(ReadOnlySpan<StreamEntry> entries, long epoch)
    {
        lock (_gate)
        {
            if (_deleted)
                throw new LogNotFoundException(task);
            Open(epoch);
            for (var index = 0; index < entries.Length; index++)
            {
                if (entries[index].Offset != _entries.Count + index + 1)
                    throw new ArgumentException($"Offset {entries[index].Offset} does not follow the last entry of the log.", nameof(entries));
            }

            _entries.AddRange(entries);
        }
    }

    public bool TryAppend(ReadOnlySpan<StreamEntry> entries)
    {
        lock (_gate)
        {
            if (entries[0].Offset != _entries.Count + 1)
                return false;

            Append(entries, _epoch);
            return true;
        }
    }

    public ReadOnlyMemory<StreamEntry> Read(long offset, int limit)
    {
        var page = new LogPage(limit);
        lock (_gate)
        {
            for (var next = offset; next < _entries.Count && !page.IsFull; next++)
                page.Add(_entries[(int)next]);
        }

        return page.ToMemory();
    }

    public void Delete()
    {
        lock (_gate)
            _deleted = true;
    }
}
