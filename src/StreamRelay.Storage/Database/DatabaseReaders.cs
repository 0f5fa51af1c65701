using System.Collections.Concurrent;

namespace StreamRelay.Storage.Database;

/// <summary>Connections for reading. Reads run side by side and beside the writer; a few connections stay open between reads. Safe to use from any thread.</summary>
internal sealed class DatabaseReaders(string path) : IDisposable
{
    private const int MaxIdle = 4;

    private readonly ConcurrentStack<DatabaseSession> _idle = new();
    private volatile bool _closed;

    /// <summary>Reads what was committed before the call. A connection whose read throws is closed.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public T Read<T>(Func<DatabaseSession, T> read)
    {
        var session = Take();
        try
        {
            var result = read(session);
            Return(session);
            return result;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryPop(out var session))
            session.Dispose();
    }

    private DatabaseSession Take()
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(EmbeddedStore));
        if (_idle.TryPop(out var idle))
            return idle;

        var session = new DatabaseSession(path);
        session.Execute("pragma query_only = on");
        return session;
    }

    private void Return(DatabaseSession session)
    {
        if (_idle.Count < MaxIdle)
            _idle.Push(session);
        else
            session.Dispose();

        // The store may have been closed since the connection was taken.
        if (_closed)
            Dispose();
    }
}
