namespace StreamRelay.Protocols.Renderings;

/// <summary>Work that is done in turns on the thread pool, one turn at a time.</summary>
internal abstract class SerialWork : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Requested = 2;

    private int _state;

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            Volatile.Write(ref _state, Running);
            Turn();
        }
        while (Interlocked.CompareExchange(ref _state, Idle, Running) != Running);
    }

    /// <summary>A turn begins after the call; requests during a turn lead to one more. From any thread.</summary>
    protected void RequestTurn()
    {
        if (Interlocked.Exchange(ref _state, Requested) == Idle)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Does the work that is there now.</summary>
    protected abstract void Turn();
}
