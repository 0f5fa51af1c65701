using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace StreamRelay.Storage;

/// <summary>Files in memory, for tests: nothing survives the process.</summary>
public sealed class MemoryFileStore(TimeProvider time) : IFileStore
{
    private readonly ConcurrentDictionary<(TaskId Task, string Name), byte[]> _files = new();

    /// <inheritdoc/>
    public async ValueTask<StoredFile> SaveAsync(TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        if (!FileName.IsSafe(name))
            throw new ArgumentException($"'{name}' is not a safe file name.", nameof(name));

        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        var stored = _files[(task, name)] = bytes.ToArray();
        return new(name, mediaType, stored.Length, Convert.ToHexStringLower(SHA256.HashData(stored)), time.GetUtcNow());
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
