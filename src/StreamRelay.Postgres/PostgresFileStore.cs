using System.Buffers;
using System.Security.Cryptography;
using Npgsql;
using StreamRelay.Files;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

/// <summary>
/// Stores files as rows of 256 KiB. A file has no size while it is being saved, and cannot be found until it has one. A file that a crashed node left
/// unfinished is deleted with its task. No transaction stays open while the source is slow.
/// </summary>
internal sealed class PostgresFileStore(PostgresDatabase database, TimeProvider time) : IFileStore
{
    /// <summary>The size of each row of a file except the last, in bytes.</summary>
    public const int ChunkBytes = 256 << 10;

    public async ValueTask<StoredFile> SaveAsync(TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!FileName.IsSafe(name))
            throw new ArgumentException($"'{name}' is not a safe file name.", nameof(name));

        var file = Guid.CreateVersion7(time.GetUtcNow());
        await ExecuteAsync("insert into streamrelay.files (id, task, name) values (@file, @task, @name) on conflict do nothing", cancellationToken,
            ("file", file), ("task", task.Value), ("name", name));
        try
        {
            var (size, hash) = await WriteAsync(file, content, cancellationToken);
            await PublishAsync(file, task, name, size, cancellationToken);
            return new(name, mediaType, size, hash, time.GetUtcNow());
        }
        catch
        {
            await DiscardAsync(file);
            throw;
        }
    }

    public async ValueTask<Stream?> OpenAsync(TaskId task, string name, CancellationToken cancellationToken) =>
        !FileName.IsSafe(name) ? null : await database.RunAsync<Stream?>(async (connection, _) =>
        {
            await using var command = new NpgsqlCommand("select id, size from streamrelay.files where task = @task and name = @name and size is not null", connection);
            command.Parameters.AddWithValue("task", task.Value);
            command.Parameters.AddWithValue("name", name);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            return await row.ReadAsync(cancellationToken) ? new PostgresFileStream(database, row.GetGuid(0), row.GetInt64(1)) : null;
        }, cancellationToken);

    public async ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken) =>
        await ExecuteAsync("delete from streamrelay.files where task = @task", cancellationToken, ("task", task.Value));

    private async Task<(long Size, string Hash)> WriteAsync(Guid file, Stream content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long size = 0;
            for (var number = 0; await content.ReadAtLeastAsync(buffer.AsMemory(0, ChunkBytes), ChunkBytes, throwOnEndOfStream: false, cancellationToken) is > 0 and var count; number++)
            {
                hash.AppendData(buffer, 0, count);
                size += count;
                await ExecuteAsync("insert into streamrelay.chunks values (@file, @number, @bytes) on conflict do nothing", cancellationToken,
                    ("file", file), ("number", number), ("bytes", new ReadOnlyMemory<byte>(buffer, 0, count)));
            }

            return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Replaces the current file of the same name, in one transaction. A lock lets only one file of a name be replaced at a time.</summary>
    private async Task PublishAsync(Guid file, TaskId task, string name, long size, CancellationToken cancellationToken) => await database.RunAsync(async (connection, lost) =>
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Statement("select pg_advisory_xact_lock(hashtextextended(@task::text || @name, 0))", ("task", task.Value), ("name", name)),
                Statement("delete from streamrelay.files where task = @task and name = @name and size is not null and id <> @file and exists (select from streamrelay.files where id = @file)",
                    ("task", task.Value), ("name", name), ("file", file)),
                Statement("update streamrelay.files set size = @size where id = @file", ("size", size), ("file", file)),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);

        // When the row is missing after a lost reply, the earlier attempt succeeded, and the file was replaced or deleted since.
        return batch.BatchCommands[^1].RecordsAffected == 1 || lost ? true : throw new IOException($"'{name}' was deleted while it was being saved.");
    }, cancellationToken);

    /// <summary>Deletes the unfinished file. When the database cannot be reached, the file is deleted with its task.</summary>
    private async Task DiscardAsync(Guid file)
    {
        try
        {
            await using var command = database.Source.CreateCommand("delete from streamrelay.files where id = @file and size is null");
            command.Parameters.AddWithValue("file", file);
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object Value)[] values) => await database.RunAsync(async (connection, _) =>
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    private static NpgsqlBatchCommand Statement(string sql, params (string Name, object Value)[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);

        return command;
    }
}
