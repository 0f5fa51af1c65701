using StreamRelay.Files;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <content>Files that the agent makes.</content>
public sealed partial class AgentContext
{
    private readonly Lock _filesLock = new();

    // Few agents write files in pieces, and a waiting task should hold little.
    private HashSet<AgentFileStream>? _openFiles;
    private bool _hasReturned;

    /// <summary>Stores a file of the task, then publishes a <c>file</c> event with its URL.</summary>
    /// <exception cref="ArgumentException">The name is not safe; <see cref="FileName.FromTitle"/> makes safe ones.</exception>
    /// <exception cref="AgentException">The file exceeds a limit of <see cref="FileQuotaOptions"/>; the code is <c>file_limit</c>.</exception>
    /// <exception cref="PublishException">The task has ended, and nothing is stored; or the event was not accepted.</exception>
    public async ValueTask<StoredFile> SaveFileAsync(string name, string mediaType, Stream content, CancellationToken cancellationToken = default)
    {
        var file = await _files.SaveAsync(Request.Id, name, mediaType, content, cancellationToken);
        await PublishAsync(TaskEvents.File(Request, file), cancellationToken);
        return file;
    }

    /// <summary>Begins a file of the task that is written in pieces. It replaces a file of that name when it is completed; without <see cref="AgentFileStream.CompleteAsync"/>, nothing of it is stored.</summary>
    /// <exception cref="ArgumentException">The name is not safe; <see cref="FileName.FromTitle"/> makes safe ones.</exception>
    /// <exception cref="InvalidOperationException">The runner has returned.</exception>
    public AgentFileStream CreateFile(string name, string mediaType)
    {
        ArgumentException.ThrowIfNullOrEmpty(mediaType);
        if (!FileName.IsSafe(name))
            throw new ArgumentException($"'{name}' is not a safe file name.", nameof(name));

        lock (_filesLock)
        {
            if (_hasReturned)
                throw new InvalidOperationException($"The file '{name}' cannot be created, because the runner has returned.");

            var file = new AgentFileStream(this, name, content => _files.SaveAsync(Request.Id, name, mediaType, content, CancellationToken.None).AsTask());
            (_openFiles ??= []).Add(file);
            return file;
        }
    }

    /// <summary>Removes the files that the agent has begun and neither completed nor disposed, and begins no others.</summary>
    internal async ValueTask RemoveOpenFilesAsync()
    {
        AgentFileStream[] left;
        lock (_filesLock)
        {
            _hasReturned = true;
            left = [.. _openFiles ?? []];
        }

        foreach (var file in left)
            await file.DisposeAsync();
    }

    internal void Remove(AgentFileStream file)
    {
        lock (_filesLock)
            _openFiles?.Remove(file);
    }
}
