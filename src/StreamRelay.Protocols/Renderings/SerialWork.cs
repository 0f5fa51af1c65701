namespace StreamRelay.Protocols.Renderings;

/// <summary>Work that is done in turns on the thread pool, one turn at a time.</summary>
internal abstract class SerialWork : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Requested = 2;

    private static readonly LongTurns LongTurns = new(Environment.ProcessorCount);

    private int _state;
    private bool _wasLong;

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            Volatile.Write(ref _state, Running);
            _wasLong = Turn();
            if (Interlocked.CompareExchange(ref _state, Idle, Running) == Running)
                return;
        }
        while (_wasLong && IsAlone());

        Queue();
    }

    /// <summary>A turn begins after the call; requests during a turn lead to one more. From any thread.</summary>
    protected void RequestTurn()
    {
        if (Interlocked.Exchange(ref _state, Requested) == Idle)
            Queue();
    }

    /// <summary>Does the work that is there now.</summary>
    /// <returns>Whether that was much: the next turn then waits for the long turns of others, and those who have little to do are not kept waiting.</returns>
    protected abstract bool Turn();

    /// <summary>Whether no other work waits for a thread.</summary>
    private static bool IsAlone() => LongTurns.IsEmpty && ThreadPool.PendingWorkItemCount == 0;

    private void Queue()
    {
        if (_wasLong)
            LongTurns.Add(this);
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
