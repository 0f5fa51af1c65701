using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace StreamRelay.AspNetCore.Access;

/// <summary>When stored keys were used since the last time that this was written to the store.</summary>
internal sealed class KeyUses(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, StrongBox<long>> _uses = new();

    /// <summary>A request was made with the key.</summary>
    public void Record(string hash) => Volatile.Write(ref _uses.GetOrAdd(hash, static _ => new()).Value, time.GetUtcNow().UtcTicks);

    /// <summary>The times since the last call, by the hashes of the keys.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Take()
    {
        Dictionary<string, DateTimeOffset> taken = [];
        foreach (var (hash, use) in _uses)
        {
            if (Interlocked.Exchange(ref use.Value, 0) is > 0 and var ticks)
                taken.Add(hash, new(ticks, TimeSpan.Zero));
        }

        return taken;
    }
}
