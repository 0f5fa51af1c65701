using StreamRelay.Tasks;

namespace StreamRelay.Files;

/// <summary>Stores the files of tasks. Names are checked by <see cref="FileName"/>; no name refers to a place outside of its task's files.</summary>
public interface IFileStore
{
    /// <summary>Stores <paramref name="content"/>, replacing a file of that name. A file is stored completely or not at all.</summary>
    /// <exception cref="ArgumentException">The name is not one that <see cref="FileName.IsSafe"/> accepts.</exception>
    ValueTask<StoredFile> SaveAsync(TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken);

    /// <summary>Opens a file for reading; the stream can seek.</summary>
    /// <returns><see langword="null"/> when there is no such file, whatever the name.</returns>
    ValueTask<Stream?> OpenAsync(TaskId task, string name, CancellationToken cancellationToken);

    /// <summary>Removes all files of the task.</summary>
    ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken);
}
