using StreamRelay.Logs;
using StreamRelay.Storage.Database;
using StreamRelay.Storage.Journal;
using StreamRelay.Storage.Records;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Inspection;

/// <summary>Checks a data folder that no server uses, and changes nothing in it.</summary>
public sealed class DataFolderInspection
{
    private const int PageTasks = 1000;
    private const int OpenFiles = 64;

    private readonly StorageLayout _layout;
    private readonly List<string> _findings = [];
    private readonly ReadOnlyDisk _disk = new();

    private DataFolderInspection(StorageLayout layout) => _layout = layout;

    /// <summary>Reads the database and every log in a folder.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="progress">Called with the number of tasks that were read so far, after each 1,000.</param>
    /// <exception cref="IOException">The folder contains no store of this version, or a server uses it. The message says so.</exception>
    public static InspectionReport Run(string folder, Action<int>? progress = null)
    {
        var layout = new StorageLayout(Path.GetFullPath(folder));
        StorageFormat.Check(layout);
        if (!File.Exists(layout.Database))
            throw new IOException($"'{layout.Root}' contains no data of StreamRelay: name the data folder, which the server logs when it starts.");

        if (DataFolderLock.IsTaken(layout.Root))
            throw new IOException($"The data folder '{layout.Root}' is in use by a server: stop it first.");

        return new DataFolderInspection(layout).Run(progress);
    }

    private InspectionReport Run(Action<int>? progress)
    {
        // A database is written to when it is opened, so a copy is read.
        var copy = Directory.CreateTempSubdirectory("streamrelay-inspection-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(_layout.Root, Path.GetFileName(_layout.Database) + "*"))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));

            return Inspect(Path.Combine(copy, Path.GetFileName(_layout.Database)), progress);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private InspectionReport Inspect(string databaseCopy, Action<int>? progress)
    {
        var database = StoreDatabase.Open(databaseCopy, Durability.Process);
        try
        {
            _findings.AddRange(database.Read(session => session.List("pragma integrity_check", row => row.GetString(0))).Where(line => line != "ok").Select(line => $"{_layout.Database}: {line}."));
            using var handles = new HandleCache(_disk, _layout, OpenFiles);
            var index = new SegmentIndex(database);
            var table = new LogTable(index, _layout, handles);
            using var recovery = new JournalRecovery(_disk, _layout, sync: false, index, table, new(TimeProvider.System), new FindingLogger<JournalRecovery>(_findings));
            recovery.Run();
            var tasks = ReadTasks(database, new LogReader(table), progress);
            return new(tasks, recovery.Segments.Count + index.List().Count, _findings);
        }
        finally
        {
            database.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private int ReadTasks(StoreDatabase database, LogReader logs, Action<int>? progress)
    {
        var rows = new TaskRows(new FindingLogger<TaskRows>(_findings));
        var count = 0;
        for (var query = new TaskQuery { Limit = PageTasks }; ;)
        {
            var page = database.Read(session => rows.List(session, query));
            foreach (var record in page)
                Check(record, logs);

            count += page.Count;
            progress?.Invoke(count);
            if (page.Count < PageTasks)
                return count;

            query = query with { Before = page[^1].Id };
        }
    }

    private void Check(TaskRecord record, LogReader logs)
    {
        long head = 0;
        try
        {
            while (logs.Read(record.Id, head, int.MaxValue) is { IsEmpty: false } page)
                head = page.Span[^1].Offset;
        }
        catch (LogNotFoundException)
        {
            // A task that was accepted a moment before the end of the server has no log yet.
        }
        catch (LogDamagedException damage)
        {
            head = damage.After;
            _findings.Add(damage.Message);
            return;
        }

        if (record.IsEnded && head < record.LastOffset)
            _findings.Add($"The log of task {record.Id} ends after entry {head}, and its record names {record.LastOffset}.");
    }
}
