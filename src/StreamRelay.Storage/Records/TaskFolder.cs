using System.Text.Json;
using StreamRelay.Storage.Disk;
using StreamRelay.Storage.Files;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>Reads and writes the documents in the folder of a task.</summary>
internal sealed class TaskFolder(IStorageDisk disk, StorageLayout layout, bool sync)
{
    /// <summary>Creates the folder and the documents of a task. The record is written last, because the task exists once its record does.</summary>
    public void Create(TaskRecord record, TaskInput input)
    {
        disk.CreateFolder(layout.Task(record.Id));
        var request = JsonSerializer.SerializeToUtf8Bytes(StoredRequest.From(record.Request), StorageJson.Default.StoredRequest);
        disk.WriteAll(layout.Request(record.Id), request, sync);

        var stored = new StoredInput { Format = StoredInput.CurrentFormat, Content = input.Content, Options = input.Options };
        disk.WriteAll(layout.Input(record.Id), JsonSerializer.SerializeToUtf8Bytes(stored, StorageJson.Default.StoredInput), sync);
        WriteRecord(record);
        if (sync)
            disk.SyncFolder(layout.Tasks);
    }

    /// <summary>Replaces the record of a task. After a crash the folder contains either the old record or the new one.</summary>
    public void WriteRecord(TaskRecord record)
    {
        var path = layout.Record(record.Id);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(StoredRecord.From(record), StorageJson.Default.StoredRecord);
        disk.WriteAll(path + StorageLayout.TemporarySuffix, bytes, sync);
        disk.Rename(path + StorageLayout.TemporarySuffix, path);
        if (sync)
            disk.SyncFolder(layout.Task(record.Id));
    }

    /// <summary>Reads the record of a task.</summary>
    /// <returns><see langword="null"/> when the creation of the task did not finish.</returns>
    /// <exception cref="IOException">A document has a format that this version does not read.</exception>
    public TaskRecord? Read(TaskId task)
    {
        if (disk.ReadAll(layout.Record(task)) is not { } record || disk.ReadAll(layout.Request(task)) is not { } request)
            return null;

        var storedRequest = JsonSerializer.Deserialize(request, StorageJson.Default.StoredRequest)!;
        var storedRecord = JsonSerializer.Deserialize(record, StorageJson.Default.StoredRecord)!;
        FileVersion.Check(storedRequest.Format, StoredRequest.CurrentFormat, layout.Request(task));
        FileVersion.Check(storedRecord.Format, StoredRecord.CurrentFormat, layout.Record(task));
        return storedRecord.ToRecord(storedRequest.ToRequest());
    }

    /// <summary>Reads the input of a task.</summary>
    /// <returns><see langword="null"/> when the task has no input document.</returns>
    /// <exception cref="IOException">The document has a format that this version does not read.</exception>
    public TaskInput? ReadInput(TaskId task)
    {
        if (disk.ReadAll(layout.Input(task)) is not { } bytes)
            return null;

        var stored = JsonSerializer.Deserialize(bytes, StorageJson.Default.StoredInput)!;
        FileVersion.Check(stored.Format, StoredInput.CurrentFormat, layout.Input(task));
        return new(stored.Content, stored.Options);
    }

    /// <summary>Removes the files that a crash left: the documents of a task without a record, and temporary files. The folder is removed when nothing remains in it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="isTask">Whether the folder holds a complete task.</param>
    public void Clean(TaskId task, bool isTask)
    {
        var folder = layout.Task(task);
        var kept = 0;
        foreach (var name in disk.Files(folder))
        {
            var isLeftOver = name.EndsWith(StorageLayout.TemporarySuffix, StringComparison.Ordinal)
                || (!isTask && name is ("request" or "input" or "record"));
            if (isLeftOver)
                disk.Delete(Path.Combine(folder, name));
            else
                kept++;
        }

        foreach (var name in disk.Folders(folder))
        {
            kept++;
            foreach (var file in disk.Files(Path.Combine(folder, name)).Where(EmbeddedFileStore.IsTemporary))
                disk.Delete(Path.Combine(folder, name, file));
        }

        if (kept == 0)
            disk.DeleteFolder(folder);
    }
}
