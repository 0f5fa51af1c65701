using StreamRelay.Files;
using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <summary>Stores the files of one run and adds them to the task's record.</summary>
internal sealed class TaskFiles(IFileStore files, Func<StoredFile, ValueTask> addToRecord)
{
    public async ValueTask<StoredFile> SaveAsync(TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        var file = await files.SaveAsync(task, name, mediaType, content, cancellationToken);
        await addToRecord(file);
        return file;
    }
}
