using System.Buffers;
using System.Security.Cryptography;
using StreamRelay.Files;
using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Files;

/// <summary>Stores the files of a task in the task's folder, under their own names.</summary>
internal sealed class EmbeddedFileStore(IStorageDisk disk, StorageLayout layout, bool sync, TimeProvider time) : IFileStore
{
    private const int ChunkBytes = 64 << 10;

    private long _saves;

    /// <summary>Whether a name belongs to a file whose save did not finish. No stored file has such a name, because safe names do not start with a dot.</summary>
    public static bool IsTemporary(string name) =>
        name.StartsWith('.') && name.EndsWith(StorageLayout.TemporarySuffix, StringComparison.Ordinal);

    public async ValueTask<StoredFile> SaveAsync(
        TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!FileName.IsSafe(name))
            throw new ArgumentException($"'{name}' is not a safe file name.", nameof(name));

        var folder = layout.Files(task);
        disk.CreateFolder(folder);
        var temporary = Path.Combine(folder, $".{Interlocked.Increment(ref _saves)}{StorageLayout.TemporarySuffix}");
        try
        {
            var (size, hash) = await WriteAsync(temporary, content, cancellationToken);
            disk.Rename(temporary, Path.Combine(folder, name));
            if (sync)
                SyncFolders(task);
            return new(name, mediaType, size, hash, time.GetUtcNow());
        }
        catch
        {
            disk.Delete(temporary);
            throw;
        }
    }

    public ValueTask<Stream?> OpenAsync(TaskId task, string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = FileName.IsSafe(name) ? disk.OpenRead(Path.Combine(layout.Files(task), name)) : null;
        return new(file is null ? null : new StorageFileStream(file));
    }

    public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        disk.DeleteFolder(layout.Files(task));
        if (sync)
            disk.SyncFolder(layout.Task(task));
        return ValueTask.CompletedTask;
    }

    private async Task<(long Size, string Hash)> WriteAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var file = disk.OpenWrite(path);
            long size = 0;
            while (await content.ReadAsync(chunk.AsMemory(0, ChunkBytes), cancellationToken) is > 0 and var read)
            {
                hash.AppendData(chunk, 0, read);
                file.Write(chunk.AsSpan(0, read), size);
                size += read;
            }

            if (sync)
                file.Sync();
            return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private void SyncFolders(TaskId task)
    {
        disk.SyncFolder(layout.Files(task));
        disk.SyncFolder(layout.Task(task));
        disk.SyncFolder(layout.Tasks);
    }
}
