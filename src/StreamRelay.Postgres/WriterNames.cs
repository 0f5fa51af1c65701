using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace StreamRelay.Postgres;

/// <summary>
/// Names under which records are written. A row keeps the ticket of the last write under each name, so that a writer whose reply was lost can tell
/// its own change from another's, whatever was written on top of it: contents may be equal, and transaction ids are used again after a crash.
/// </summary>
internal sealed class WriterNames
{
    private readonly ConcurrentStack<string> _free = [];

    /// <summary>A name that nobody else has: the last that was returned, so that few are in use.</summary>
    public string Take() => _free.TryPop(out var name) ? name : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Gives back the name of a writer that knows what became of its change. One that does not must keep it.</summary>
    public void Return(string name) => _free.Push(name);
}
