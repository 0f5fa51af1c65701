using System.Collections.Concurrent;

namespace StreamRelay.Streams;

/// <summary>The memory that the tails of this process use. Safe to use from any thread.</summary>
/// <param name="budget">The budget that counts it.</param>
/// <param name="tailBytes">The bytes that one tail keeps; the entries before them are read from the log.</param>
internal sealed class TailMemory(MemoryBudget budget, int tailBytes) : IMemoryUser
{
    private const int SmallTail = 64 << 10;

    private readonly ConcurrentDictionary<Tail, bool> _open = new();

    /// <summary>The budget that counts the memory.</summary>
    public MemoryBudget Budget => budget;

    /// <summary>The bytes that one tail keeps now.</summary>
    public int TailBytes => budget.IsExceeded ? Math.Min(SmallTail, tailBytes) : tailBytes;

    /// <summary>Lists a tail that has entries.</summary>
    public void Open(Tail tail) => _open[tail] = true;

    /// <summary>Forgets a tail.</summary>
    public void Close(Tail tail) => _open.TryRemove(tail, out _);

    /// <inheritdoc/>
    public long Release(long wanted)
    {
        var released = 0L;
        foreach (var (tail, _) in _open)
        {
            if (released >= wanted)
                break;

            released += tail.Trim(0);
        }

        return released;
    }
}
