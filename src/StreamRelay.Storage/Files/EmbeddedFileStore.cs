using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using StreamRelay.Files;
using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Files;

/// <summary>Stores the files of each task in a folder, under their own names.</summary>
internal sealed class EmbeddedFileStore(IStorageDisk disk, StorageLayout layout, bool sync, TimeProvider time) : IFileStore
{
    private const int ChunkBytes = 64 << 10;

    private long _saves;

    /// <summary>Opens the files, and removes those whose save the last run did not finish.</summary>
    public static EmbeddedFileStore Open(IStorageDisk disk, StorageLayout layout, bool sync, TimeProvider time)
    {
        disk.DeleteFolder(layout.IncompleteFiles);
        disk.CreateFolder(layout.IncompleteFiles);
        return new(disk, layout, sync, time);
    }

    public async ValueTask<StoredFile> SaveAsync(
        TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!FileName.IsSafe(name))
            throw new ArgumentException($"'{name}' is not a safe file name.", nameof(name));

        var temporary = Path.Combine(layout.IncompleteFiles, Interlocked.Increment(ref _saves).ToString(CultureInfo.InvariantCulture));
        try
        {
            var (size, hash) = await WriteAsync(temporary, content, cancellationToken);
            disk.CreateFolder(layout.FilesOf(task));
            disk.Rename(temporary, Path.Combine(layout.FilesOf(task), name));
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
        var file = FileName.IsSafe(name) ? disk.OpenRead(Path.Combine(layout.FilesOf(task), name)) : null;
        return new(file is null ? null : new StorageFileStream(file));
    }

    public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (disk.DeleteFolder(layout.FilesOf(task)) && sync)
            disk.SyncFolder(layout.Files);

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
        disk.SyncFolder(layout.FilesOf(task));
        disk.SyncFolder(layout.Files);
        disk.SyncFolder(layout.Root);
    }
}
