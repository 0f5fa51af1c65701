using Microsoft.Data.Sqlite;
using StreamRelay.Logs;

namespace StreamRelay.Storage.Database;

/// <summary>The database of the embedded store: a SQLite file with a write-ahead log. Safe to use from any thread.</summary>
internal sealed class StoreDatabase : IAsyncDisposable
{
    // Each checkpoint flushes both files, so that four times the default is four times fewer flushes, for 16 MiB more on the disk.
    private const int CheckpointPages = 4000;

    private readonly string _path;
    private readonly DatabaseSession _session;
    private readonly DatabaseWriter _writer;
    private readonly DatabaseReaders _readers;

    private StoreDatabase(string path, DatabaseSession session)
    {
        _path = path;
        _session = session;
        _writer = new(session, path);
        _readers = new(path);
        _writer.Start();
    }

    /// <summary>Why every change is refused; <see langword="null"/> when changes are accepted.</summary>
    public StoreUnavailableException? Refusal
    {
        get => _writer.Refusal;
        set => _writer.Refusal = value;
    }

    /// <summary>Why the last write failed; <see langword="null"/> when it succeeded.</summary>
    public Exception? Failure => _writer.Failure;

    /// <summary>Opens the database, and creates it if it does not exist. On return its tables are those of this version.</summary>
    /// <exception cref="IOException">The file cannot be read or written, is damaged, or was written by a newer version. The message names the file and the way out.</exception>
    public static StoreDatabase Open(string path, Durability durability)
    {
        DatabaseSession? session = null;
        try
        {
            session = new(path);
            session.Execute("pragma journal_mode = wal");
            session.Execute($"pragma wal_autocheckpoint = {CheckpointPages}");
            session.Execute($"pragma synchronous = {(durability == Durability.Disk ? "full" : "normal")}");
            DatabaseSchema.Migrate(session, path);
            return new(path, session);
        }
        catch (Exception exception)
        {
            session?.Dispose();
            throw exception is SqliteException cause ? DatabaseFailure.From(cause, path) : exception;
        }
    }

    /// <summary>Makes a change. On return it is durable at the configured level, and every later read sees it. Changes that wait at the same time are committed in one transaction; one that throws is rolled back alone.</summary>
    /// <param name="change">Makes the change and returns its result. It runs on another thread, can run twice, and changes nothing but the database.</param>
    /// <param name="committed">Called with the result after the commit, in the order of the commits; it must not throw.</param>
    /// <exception cref="StoreUnavailableException">The database cannot be written now, for example because the disk is full. Nothing was changed.</exception>
    /// <exception cref="IOException">The database is damaged. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Task<T> WriteAsync<T>(Func<DatabaseSession, T> change, Action<T>? committed = null)
    {
        var submitted = new DatabaseChange<T>(change, committed);
        _writer.Submit(submitted);
        return submitted.Done;
    }

    /// <summary>Makes a change as <see cref="WriteAsync"/> does. On return it is on the disk, at every level of durability.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be written now, for example because the disk is full. Nothing was changed.</exception>
    /// <exception cref="IOException">The database is damaged, or the change could not be flushed to the disk.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task WriteDurablyAsync(Action<DatabaseSession> change)
    {
        await WriteAsync(session =>
        {
            change(session);
            return true;
        });

        // A checkpoint that has emptied the log in the meantime has flushed the change with the database.
        using var log = File.OpenHandle(_path + "-wal", share: FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(log);
    }

    /// <summary>Reads on a connection of its own, without waiting for the writer.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read now.</exception>
    /// <exception cref="IOException">The database is damaged.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public T Read<T>(Func<DatabaseSession, T> read)
    {
        try
        {
            return _readers.Read(read);
        }
        catch (SqliteException exception)
        {
            throw DatabaseFailure.From(exception, _path);
        }
        catch (Exception exception) when (DatabaseFailure.IsUnreadableRow(exception))
        {
            throw DatabaseFailure.Damaged(exception, _path);
        }
    }

    /// <summary>Makes the accepted changes, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync();
        _readers.Dispose();
        _session.Dispose();
    }
}
