using StreamRelay.Files;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <summary>Stores the files of one run, as far as its task and its owner may, and adds them to the task's record.</summary>
internal sealed class TaskFiles(IFileStore files, FileQuota? quota, Func<TaskRecord> record, Func<StoredFile, ValueTask> addToRecord)
{
    // Most tasks make no file, and a waiting task should hold little.
    private AppendTurns? _turns;

    /// <exception cref="AgentException">The file is larger than it may be.</exception>
    /// <exception cref="PublishException">The task has ended.</exception>
    public async ValueTask<StoredFile> SaveAsync(TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        var room = await FindRoomAsync(name, cancellationToken);

        // A sparse file can be longer than any disk, and takes as long to read.
        CheckSize(name, content.CanSeek ? content.Length - content.Position : 0, room);
        var hasTurn = false;
        try
        {
            var file = await files.SaveAsync(task, name, mediaType, new LimitedContent(content, bytes => CheckSize(name, bytes, room), TakeTurnAsync), cancellationToken);
            await addToRecord(file);
            quota?.Add(record().Request.Owner, file.Size);
            return file;
        }
        finally
        {
            if (hasTurn)
                _turns!.GiveBack();
        }

        // Before the store has the whole file: other files of the task may have used the room since, and each is in the record before the next one is checked.
        async ValueTask TakeTurnAsync(long bytes)
        {
            // A store may read the end twice.
            if (!hasTurn)
                await LazyInitializer.EnsureInitialized(ref _turns, static () => new(1)).TakeAsync(cancellationToken);

            hasTurn = true;
            CheckSize(name, bytes, await FindRoomAsync(name, cancellationToken));
        }
    }

    private async ValueTask<FileRoom> FindRoomAsync(string name, CancellationToken cancellationToken) =>
        record() is { IsEnded: true } ended ? throw new PublishException(PublishFailure.Closed, ended.Id)
        : quota is null ? FileRoom.Unlimited
        : await quota.FindRoomAsync(record(), name, cancellationToken);

    private static void CheckSize(string name, long bytes, FileRoom room)
    {
        if (bytes > room.Bytes)
            throw new AgentException("file_limit", $"The file '{name}' is not stored, because it exceeds {room.Limit} ({FileQuotaOptions.Section}:{room.Setting}).");
    }
}
