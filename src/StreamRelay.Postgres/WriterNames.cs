using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace StreamRelay.Postgres;

/// <summary>
/// Names of writers of records. A row keeps the ticket of the last write of each name, so that a writer whose reply was lost can recognize
/// its own change, also after later writes. Contents may be equal and transaction ids are reused after a crash, so neither identifies a write.
/// </summary>
internal sealed class WriterNames
{
    private readonly ConcurrentStack<string> _free = [];

    /// <summary>Takes a name that no other writer has: the one returned last, so that few names exist.</summary>
    public string Take() => _free.TryPop(out var name) ? name : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Returns the name of a writer that knows the outcome of its write. A writer that does not know the outcome must keep its name.</summary>
    public void Return(string name) => _free.Push(name);
}
