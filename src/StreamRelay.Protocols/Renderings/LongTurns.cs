using System.Collections.Concurrent;

namespace StreamRelay.Protocols.Renderings;

/// <summary>Runs work on the thread pool in the order in which it was added, a few pieces at a time, so that other work of the pool waits for those
/// few pieces only, however much is added. Safe to use from any thread.</summary>
/// <param name="most">The pieces that run at the same time.</param>
internal sealed class LongTurns(int most) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _waiting = new();
    private int _running;

    /// <summary>Whether no piece waits.</summary>
    public bool IsEmpty => _waiting.IsEmpty;

    /// <summary>Adds a piece of work.</summary>
    public void Add(IThreadPoolWorkItem work)
    {
        _waiting.Enqueue(work);
        Start();
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_waiting.TryDequeue(out var work))
            work.Execute();

        Interlocked.Decrement(ref _running);
        if (!_waiting.IsEmpty)
            Start();
    }

    private void Start()
    {
        for (var running = Volatile.Read(ref _running); running < most;)
        {
            var seen = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (seen == running)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }

            running = seen;
        }
    }
}
