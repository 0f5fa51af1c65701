using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Storage.Disk;
using StreamRelay.Storage.Files;
using StreamRelay.Storage.Journal;
using StreamRelay.Storage.Records;
using StreamRelay.Tasks;

namespace StreamRelay.Storage;

/// <summary>The store inside the server. One folder contains the journal, the tasks and their files, and one process at a time can open it.</summary>
public sealed class EmbeddedStore : IAsyncDisposable, IDisposable
{
    private readonly IDisposable? _lock;

    private EmbeddedStore(string dataPath, EventJournal journal, ITaskStore tasks, IFileStore files, IDisposable? heldLock)
    {
        _lock = heldLock;
        DataPath = dataPath;
        Journal = journal;
        Log = new JournalEventLog(journal);
        Tasks = tasks;
        Files = files;
    }

    /// <summary>The full path of the data folder.</summary>
    public string DataPath { get; }

    /// <summary>The event logs of the tasks.</summary>
    public IEventLog Log { get; }

    /// <summary>The records of the tasks. The deletion of a record removes the log and the files of the task as well.</summary>
    public ITaskStore Tasks { get; }

    /// <summary>The files of the tasks.</summary>
    public IFileStore Files { get; }

    internal EventJournal Journal { get; }

    /// <summary>Opens the store. Creates the folder if it does not exist, and removes the incomplete files and records that a crash has left.</summary>
    /// <exception cref="IOException">The folder is in use, cannot be written to, or has another format. The message names the folder and the setting to change.</exception>
    public static EmbeddedStore Open(StorageOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var layout = new StorageLayout(Path.GetFullPath(options.DataPath));
        var heldLock = DataFolderLock.Take(layout.Root);
        try
        {
            return Open(new PhysicalDisk(), layout, options, time, loggers, heldLock);
        }
        catch (Exception exception)
        {
            heldLock.Dispose();
            if (exception is not (IOException or UnauthorizedAccessException))
                throw;
            throw new IOException(
                $"The data folder '{layout.Root}' cannot be opened: {exception.Message} Repair the folder, or set {StorageOptions.DataPathKey} to another folder.", exception);
        }
    }

    /// <summary>Writes the accepted appends, closes the files and releases the lock on the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        _lock?.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal static EmbeddedStore Open(
        IStorageDisk disk, StorageLayout layout, StorageOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null, IDisposable? heldLock = null)
    {
        time ??= TimeProvider.System;
        loggers ??= NullLoggerFactory.Instance;
        var sync = options.Durability == Durability.Disk;
        var journal = EventJournal.Open(disk, layout, options, time, loggers);
        try
        {
            var tasks = EmbeddedTaskStore.Open(disk, layout, sync, journal, loggers.CreateLogger<EmbeddedTaskStore>());

            // Compaction starts after the tasks are loaded: loading removes empty folders, and compaction would write into them.
            _ = journal.CompactAsync();
            return new(layout.Root, journal, tasks, new EmbeddedFileStore(disk, layout, sync, time), heldLock);
        }
        catch
        {
            journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }
}
