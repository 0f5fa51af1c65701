using StreamRelay.Files;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>A file store in memory whose writes fail as <see cref="StoreFaults"/> says.</summary>
internal sealed class FaultyFiles(StoreFaults faults) : IFileStore
{
    private readonly MemoryFileStore _whole = new(TimeProvider.System);

    public ValueTask<StoredFile> SaveAsync(TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken) =>
        faults.WriteAsync(StoreWrite.SaveFile, () => _whole.SaveAsync(task, name, mediaType, content, cancellationToken));

    public ValueTask<Stream?> OpenAsync(TaskId task, string name, CancellationToken cancellationToken) => _whole.OpenAsync(task, name, cancellationToken);

    public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken) => _whole.DeleteAsync(task, cancellationToken);
}
