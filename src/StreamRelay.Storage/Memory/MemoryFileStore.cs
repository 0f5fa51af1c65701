using System.Collections.Concurrent;
using System.Security.Cryptography;
using StreamRelay.Files;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Memory;

/// <summary>Keeps files in memory, for tests.</summary>
public sealed class MemoryFileStore(TimeProvider time) : IFileStore
{
    private readonly ConcurrentDictionary<(TaskId Task, string Name), byte[]> _files = [];

    /// <inheritdoc/>
    public async ValueTask<StoredFile> SaveAsync(
        TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!FileName.IsSafe(name))
            throw new ArgumentException($"'{name}' is not a safe file name.", nameof(name));

        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        var bytes = _files[(task, name)] = copy.ToArray();
        return new(name, mediaType, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), time.GetUtcNow());
    }

    /// <inheritdoc/>
    public ValueTask<Stream?> OpenAsync(TaskId task, string name, CancellationToken cancellationToken) =>
        new(_files.TryGetValue((task, name), out var bytes) ? new MemoryStream(bytes, writable: false) : null);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        foreach (var key in _files.Keys.Where(key => key.Task == task))
            _files.TryRemove(key, out _);
        return ValueTask.CompletedTask;
    }
}
