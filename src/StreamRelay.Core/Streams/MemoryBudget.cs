namespace StreamRelay.Streams;

/// <summary>The memory that tasks, their readers and answers share, in bytes: <see cref="StreamOptions.MemoryBytes"/>. Safe to use from any thread.</summary>
/// <param name="limit">The bytes that may be used.</param>
public sealed class MemoryBudget(long limit)
{
    private readonly Lock _lock = new();
    private volatile IMemoryUser[] _users = [];
    private long _bytes;
    private long _nextReclaim = limit;
    private bool _isReclaiming;

    /// <summary>The bytes that may be used.</summary>
    public long Limit { get; } = limit;

    /// <summary>The bytes that are used now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether more bytes are used than may be.</summary>
    public bool IsExceeded => Bytes > Limit;

    /// <summary>Adds something that can give memory back. The user that was added last is asked first: it holds what can be made again from what the others hold.</summary>
    public void Register(IMemoryUser user)
    {
        lock (_lock)
            _users = [user, .. _users];
    }

    /// <summary>Counts bytes that are used, or that are not used any more, whether they fit or not.</summary>
    public void Add(long delta)
    {
        var bytes = Interlocked.Add(ref _bytes, delta);
        if (delta > 0 && bytes > Volatile.Read(ref _nextReclaim))
            Reclaim(bytes - Limit);
        else if (bytes <= Limit)
            Volatile.Write(ref _nextReclaim, Limit);
    }

    /// <summary>Counts bytes that are used, if they fit.</summary>
    /// <returns><see langword="false"/> when they do not fit, also after everything was given back that can be: nothing is counted.</returns>
    public bool TryTake(long bytes)
    {
        for (var used = Bytes; used + bytes <= Limit;)
        {
            var seen = Interlocked.CompareExchange(ref _bytes, used + bytes, used);
            if (seen == used)
                return true;

            used = seen;
        }

        // What another thread gives back at this moment may be enough. A caller of this method holds no lock that the other thread waits for.
        for (var wait = new SpinWait(); Interlocked.Exchange(ref _isReclaiming, true);)
            wait.SpinOnce();

        return TakeAfterReclaim(bytes);
    }

    private bool TakeAfterReclaim(long bytes)
    {
        try
        {
            var missing = Bytes + bytes - Limit;
            if (missing > 0 && ReclaimCore(missing) < missing)
                return false;

            Interlocked.Add(ref _bytes, bytes);
            return true;
        }
        finally
        {
            Volatile.Write(ref _isReclaiming, false);
        }
    }

    private void Reclaim(long wanted)
    {
        // Without waiting: the caller may hold the lock of a tail that the other thread asks.
        if (Interlocked.Exchange(ref _isReclaiming, true))
            return;

        try
        {
            ReclaimCore(wanted);
        }
        finally
        {
            Volatile.Write(ref _isReclaiming, false);
        }
    }

    /// <returns>How many bytes are given back, now or soon.</returns>
    private long ReclaimCore(long wanted)
    {
        var released = 0L;
        foreach (var user in _users)
        {
            if (released < wanted)
                released += user.Release(wanted - released);
        }

        // Where nothing more can be given back, the users are asked again after some growth only.
        Volatile.Write(ref _nextReclaim, Bytes + (Limit / 64));
        return released;
    }
}
