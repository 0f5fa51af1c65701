using StreamRelay.Tasks;

namespace StreamRelay.Files;

/// <summary>Keeps the files that tasks make. Names are checked by <see cref="FileName"/>; no name can leave its task's folder.</summary>
public interface IFileStore
{
    /// <summary>Stores the whole of <paramref name="content"/>, replacing a file of that name. It is either whole or not there at all.</summary>
    /// <exception cref="ArgumentException">The name is not one that <see cref="FileName.IsSafe"/> accepts.</exception>
    ValueTask<StoredFile> SaveAsync(TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken);

    /// <summary>Opens a file for reading; the stream can seek.</summary>
    /// <returns><see langword="null"/> when there is no such file, whatever the name.</returns>
    ValueTask<Stream?> OpenAsync(TaskId task, string name, CancellationToken cancellationToken);

    /// <summary>Removes all files of the task.</summary>
    ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken);
}
