using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using StreamRelay.Logs;

namespace StreamRelay.Storage.Database;

/// <summary>Makes all changes on one connection: commits the changes that wait in one transaction, and those that arrive meanwhile in the next one.</summary>
internal sealed class DatabaseWriter(DatabaseSession session, string path)
{
    private const int GroupChanges = 1000;

    private readonly Channel<IDatabaseChange> _changes = Channel.CreateUnbounded<IDatabaseChange>(new() { SingleReader = true });
    private readonly List<IDatabaseChange> _group = [];
    private Task _running = Task.CompletedTask;
    private bool _isLogUnknown;
    private volatile Exception? _failure;

    /// <summary>Why every change is refused; <see langword="null"/> when changes are accepted.</summary>
    public StoreUnavailableException? Refusal { get; set; }

    /// <summary>Why the last transaction could not be committed; <see langword="null"/> when it was, or when a change and not the database was the cause.</summary>
    public Exception? Failure => _failure;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Puts a change into the next transaction.</summary>
    /// <exception cref="StoreUnavailableException">The data folder is gone.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public void Submit(IDatabaseChange change)
    {
        if (Refusal is { } refusal)
            throw refusal;

        ObjectDisposedException.ThrowIf(!_changes.Writer.TryWrite(change), typeof(EmbeddedStore));
    }

    /// <summary>Refuses new changes. The task ends when the accepted changes are made.</summary>
    public Task StopAsync()
    {
        _changes.Writer.TryComplete();
        return _running;
    }

    private async Task RunAsync()
    {
        while (await _changes.Reader.WaitToReadAsync())
        {
            while (_group.Count < GroupChanges && _changes.Reader.TryRead(out var change))
                _group.Add(change);

            if (!TryCommit(_group))
                _group.ForEach(change => TryCommit([change]));

            _group.Clear();
        }
    }

    /// <summary>Commits changes together, or fails them together.</summary>
    /// <returns><see langword="false"/> when one of several changes cannot be made; nothing has happened then.</returns>
    private bool TryCommit(List<IDatabaseChange> group)
    {
        var isMade = false;
        try
        {
            Begin();
            foreach (var change in group)
                change.Run(session);
            isMade = true;
            session.Execute("commit");
        }
        catch (Exception exception)
        {
            _isLogUnknown |= isMade;
            var cause = exception as SqliteException;
            var isOfAll = cause is not null && DatabaseFailure.IsOfAll(cause);
            if (!isOfAll && group.Count > 1)
                return false;

            var failure = cause is null ? exception : DatabaseFailure.From(cause, path);
            _failure = isOfAll ? failure : null;
            group.ForEach(change => change.Fail(failure));
            return true;
        }

        _failure = null;
        group.ForEach(change => change.Complete());
        return true;
    }

    private void Begin()
    {
        if (session.IsInTransaction)
            session.Execute("rollback");

        // A commit that failed may have left its transaction in the write-ahead log, and a crash would bring it back. After a failed flush of that
        // file it is unknown what is on the disk, so it is not flushed again: everything in it is written into the database, and the file is emptied.
        if (_isLogUnknown && session.Find("pragma wal_checkpoint(truncate)", row => row.GetInt64(0)) != 0)
            throw new SqliteException("The write-ahead log is in use after a failed write.", SQLitePCL.raw.SQLITE_BUSY);

        _isLogUnknown = false;
        session.Execute("begin immediate");
    }
}
