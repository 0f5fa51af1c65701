using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamRelay.Conversations;
using StreamRelay.Files;
using StreamRelay.Keys;
using StreamRelay.Logs;
using StreamRelay.Outbox;
using StreamRelay.Storage.Conversations;
using StreamRelay.Storage.Database;
using StreamRelay.Storage.Disk;
using StreamRelay.Storage.Files;
using StreamRelay.Storage.Journal;
using StreamRelay.Storage.Keys;
using StreamRelay.Storage.Outbox;
using StreamRelay.Storage.Records;
using StreamRelay.Tasks;

namespace StreamRelay.Storage;

/// <summary>The store inside the server. One folder contains the database of tasks, the journal of events and the files of agents, and one process at a time can open it.</summary>
public sealed class EmbeddedStore : IAsyncDisposable, IDisposable
{
    private readonly DeletedTasks _deleted;
    private readonly DataFolderMonitor _monitor;
    private readonly StoreStatus _status = new();
    private readonly DataFolderLock _lock;

    private EmbeddedStore(StorageLayout layout, StorageOptions options, StoreDatabase database, EventJournal journal, DataFolderLock heldLock, TimeProvider time, ILoggerFactory loggers)
    {
        var files = EmbeddedFileStore.Open(new PhysicalDisk(), layout, options.Durability == Durability.Disk, time);
        _lock = heldLock;
        Database = database;
        _deleted = new(database, journal, files, time, loggers.CreateLogger<DeletedTasks>());
        DataPath = layout.Root;
        Journal = journal;
        var rows = new TaskRows(loggers.CreateLogger<TaskRows>());
        var damaged = new DamagedLogs(database, rows, loggers.CreateLogger<DamagedLogs>());
        damaged.Check(journal);
        Log = new JournalEventLog(journal, damaged.ReportAsync);
        var tasks = new EmbeddedTaskStore(database, rows, _deleted);
        Tasks = tasks;
        Outbox = new EmbeddedOutbox(database, tasks);
        Files = files;
        Keys = new EmbeddedKeyStore(database);
        Conversations = new EmbeddedConversationStore(database);
        _monitor = new(layout, heldLock, database, journal, _status, time, loggers.CreateLogger<DataFolderMonitor>());
        _ = _deleted.StartAsync(CancellationToken.None);
        _ = _monitor.StartAsync(CancellationToken.None);

        // Last, because it uses the processor while tasks are resumed.
        _ = journal.MaintainAsync();
    }

    /// <summary>The full path of the data folder.</summary>
    public string DataPath { get; }

    /// <summary>The event logs of the tasks.</summary>
    public IEventLog Log { get; }

    /// <summary>The records of the tasks. The deletion of a record removes the log and the files of the task as well.</summary>
    public ITaskStore Tasks { get; }

    /// <summary>The files of the tasks.</summary>
    public IFileStore Files { get; }

    /// <summary>The messages about the ends of tasks.</summary>
    public IOutbox Outbox { get; }

    /// <summary>The API keys.</summary>
    public IKeyStore Keys { get; }

    /// <summary>The conversations that clients create.</summary>
    public IConversationStore Conversations { get; }

    /// <summary>Whether the data folder can be written to.</summary>
    public IStoreStatus Status => _status;

    internal StoreDatabase Database { get; }

    internal EventJournal Journal { get; }

    /// <summary>Opens the store. Creates the folder if it does not exist, and removes the incomplete files that a crash has left.</summary>
    /// <exception cref="IOException">The folder is in use, cannot be written to, is damaged or has another format. The message names the folder and the setting to change.</exception>
    public static EmbeddedStore Open(StorageOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var layout = new StorageLayout(Path.GetFullPath(options.DataPath));
        var heldLock = DataFolderLock.Take(layout.Root);
        try
        {
            StorageFormat.Check(layout);
            return Open(layout, options, heldLock, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance);
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

    /// <summary>Writes the accepted changes and appends, closes the files and releases the lock on the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await _monitor.StopAsync(CancellationToken.None);
        await _deleted.StopAsync(CancellationToken.None);
        _monitor.Dispose();
        _deleted.Dispose();
        await Journal.DisposeAsync();
        await Database.DisposeAsync();
        _lock.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static EmbeddedStore Open(StorageLayout layout, StorageOptions options, DataFolderLock heldLock, TimeProvider time, ILoggerFactory loggers)
    {
        StoreDatabase? database = null;
        EventJournal? journal = null;
        try
        {
            database = StoreDatabase.Open(layout.Database, options.Durability);
            if (database.Read(TaskRows.FindNewest) is { } newest)
                TaskId.Observe(newest);

            journal = EventJournal.Open(new PhysicalDisk(), layout, new SegmentIndex(database), options, time, loggers);
            return new(layout, options, database, journal, heldLock, time, loggers);
        }
        catch
        {
            journal?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            database?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }
}
