using StreamRelay.Files;
using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <summary>Stores the files of one run, as far as its task and its owner may, and adds them to the task's record.</summary>
internal sealed class TaskFiles(IFileStore files, FileQuota? quota, Func<TaskRecord> record, Func<StoredFile, ValueTask> addToRecord)
{
    /// <exception cref="AgentException">The file is larger than it may be.</exception>
    public async ValueTask<StoredFile> SaveAsync(TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        var allowed = quota is null ? content : await LimitAsync(quota, name, content, cancellationToken);
        var file = await files.SaveAsync(task, name, mediaType, allowed, cancellationToken);
        quota?.Add(record().Request.Owner, file.Size);
        await addToRecord(file);
        return file;
    }

    private async ValueTask<Stream> LimitAsync(FileQuota quota, string name, Stream content, CancellationToken cancellationToken)
    {
        var room = await quota.FindRoomAsync(record(), name, cancellationToken);

        // A sparse file can be longer than any disk, and takes as long to read.
        return room.Bytes < 0 || (content.CanSeek && content.Length - content.Position > room.Bytes) ? throw TooLarge() : new LimitedContent(content, room.Bytes, TooLarge);

        AgentException TooLarge() => new("file_limit", $"The file '{name}' is not stored, because it exceeds {room.Limit} ({FileQuotaOptions.Section}:{room.Setting}).");
    }
}
