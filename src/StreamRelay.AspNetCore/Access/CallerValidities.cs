using System.Collections.Concurrent;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The validity of every key that requests were made with, by the id of the key; the empty text stands for requests without a key.</summary>
internal sealed class CallerValidities
{
    private readonly ConcurrentDictionary<string, CallerValidity> _open = new();

    /// <summary>The validity of a key. A request that asks for it while the key is revoked gets one that ends with the next call of <see cref="EndAll"/>.</summary>
    public ICallerValidity Find(string key) => _open.GetOrAdd(key, static _ => new(new()));

    /// <summary>Ends what was opened with the keys that are not valid any more.</summary>
    public void EndAll(Func<string, bool> isValid)
    {
        foreach (var (key, validity) in _open)
        {
            if (!isValid(key) && _open.TryRemove(key, out _))
                validity.End();
        }
    }
}
