using System.IO.Pipelines;
using System.Security.Cryptography;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

[Collection(nameof(MeasuredAlone))]
public sealed class PostgresFileStoreTests : PostgresTests
{
    private const int ChunkBytes = 256 << 10;
    private const int Large = 100_000_000;

    private readonly TaskId _task = SampleEntries.NewTask();

    [Fact]
    public async Task A_large_file_is_saved_and_read_in_little_memory()
    {
        await using var store = await OpenAsync();
        await store.Files.SaveAsync(_task, "warm", "text/plain", new GeneratedStream(1_000_000), None);
        await ReadAsync(store, "warm");

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var stored = await store.Files.SaveAsync(_task, "large", "text/plain", new GeneratedStream(Large), None);
        var hash = await ReadAsync(store, "large");

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 20_000_000);
        Assert.Equal((Large, hash), (stored.Size, stored.Hash));
        Assert.Equal(await new GeneratedStream(Large).HashAsync(), hash);
    }

    [Fact]
    public async Task A_range_of_a_large_file_is_read_from_one_row()
    {
        await using var store = await OpenAsync();
        await store.Files.SaveAsync(_task, "large", "text/plain", new GeneratedStream(10_000_000), None);
        const int Place = (17 * ChunkBytes) + 5;
        await ExecuteAsync("delete from streamrelay.chunks where number <> 17");
        var expected = new byte[1_000];
        await new GeneratedStream(10_000_000) { Position = Place }.ReadExactlyAsync(expected);

        await using var file = await store.Files.OpenAsync(_task, "large", None);
        file!.Seek(Place, SeekOrigin.Begin);
        var found = new byte[1_000];
        await file.ReadExactlyAsync(found);
        Assert.Equal(expected, found);

        // A synchronous read returns the same bytes.
        file.Position = Place;
        file.ReadExactly(found);
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ChunkBytes - 1)]
    [InlineData(ChunkBytes)]
    [InlineData(ChunkBytes + 1)]
    [InlineData(3 * ChunkBytes)]
    public async Task A_file_of_any_length_can_be_read_from_any_offset(int length)
    {
        await using var store = await OpenAsync();
        var bytes = RandomNumberGenerator.GetBytes(length);
        var stored = await store.Files.SaveAsync(_task, "a", "text/plain", new MemoryStream(bytes), None);
        await using var file = await store.Files.OpenAsync(_task, "a", None);

        Assert.Equal((length, length, Convert.ToHexStringLower(SHA256.HashData(bytes))), (stored.Size, file!.Length, stored.Hash));
        foreach (var place in new[] { 0, length / 2, ChunkBytes - 1, ChunkBytes, length - 1, length, length + 1 }.Where(place => place >= 0))
        {
            file.Position = place;
            using var rest = new MemoryStream();
            await file.CopyToAsync(rest);
            Assert.Equal(bytes[Math.Min(place, length)..], rest.ToArray());
        }
    }

    [Fact]
    public async Task A_reader_of_a_file_that_is_replaced_never_gets_parts_of_two_versions()
    {
        await using var store = await OpenAsync();
        await SaveAsync(store, 1);
        await using var file = await store.Files.OpenAsync(_task, "a", None);
        var read = new byte[ChunkBytes];
        await file!.ReadExactlyAsync(read);
        await SaveAsync(store, 2);

        await Assert.ThrowsAsync<IOException>(() => file.ReadExactlyAsync(read).AsTask());
        Assert.Equal(1, read[0]);
        await using var next = await store.Files.OpenAsync(_task, "a", None);
        Assert.Equal(2, next!.ReadByte());
    }

    [Fact]
    public async Task Readers_of_a_file_that_is_replaced_repeatedly_get_one_version_or_a_failure()
    {
        await using var store = await OpenAsync();
        await SaveAsync(store, 0);
        using var end = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            for (var version = 1; version <= 10; version++)
                await SaveAsync(store, (byte)((writer * 10) + version));
        })).ToArray();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
                await ReadOneVersionAsync(store);
        })).ToArray();

        await Task.WhenAll(writers).WaitAsync(Deadline);
        await end.CancelAsync();
        await Task.WhenAll(readers).WaitAsync(Deadline);

        Assert.Equal(1L, await ExecuteAsync("select count(*) from streamrelay.files"));
        Assert.Equal(3L, await ExecuteAsync("select count(*) from streamrelay.chunks"));
    }

    [Fact]
    public async Task A_file_is_not_visible_and_blocks_no_other_while_its_source_is_slow()
    {
        await using var store = await OpenAsync();
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        var saving = store.Files.SaveAsync(_task, "a", "text/plain", pipe.Reader.AsStream(), None).AsTask();
        await pipe.Writer.WriteAsync(new byte[ChunkBytes]);
        while (await ExecuteAsync("select count(*) from streamrelay.chunks") is 0L)
            Assert.False(saving.IsCompleted);

        Assert.Null(await store.Files.OpenAsync(_task, "a", None));
        Assert.Equal(0L, await ExecuteAsync("select count(*) from pg_stat_activity where state like 'idle in transaction%' and datname = current_database()"));

        await pipe.Writer.CompleteAsync();
        await saving.WaitAsync(Deadline);
        Assert.NotNull(await store.Files.OpenAsync(_task, "a", None));
    }

    [Fact]
    public async Task Data_of_a_failed_source_is_deleted()
    {
        await using var store = await OpenAsync();
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(new byte[2 * ChunkBytes]);
        await pipe.Writer.CompleteAsync(new IOException("The source failed."));

        await Assert.ThrowsAsync<IOException>(() => store.Files.SaveAsync(_task, "a", "text/plain", pipe.Reader.AsStream(), None).AsTask());

        Assert.Equal(0L, await ExecuteAsync("select count(*) from streamrelay.files"));
        Assert.Equal(0L, await ExecuteAsync("select count(*) from streamrelay.chunks"));
    }

    [Fact]
    public async Task A_file_that_is_deleted_while_it_is_saved_is_not_kept_and_replaces_no_other()
    {
        await using var store = await OpenAsync();
        await SaveAsync(store, 1);
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        var saving = store.Files.SaveAsync(_task, "a", "text/plain", pipe.Reader.AsStream(), None).AsTask();
        while (await ExecuteAsync("select count(*) from streamrelay.files") is 1L)
            Assert.False(saving.IsCompleted);

        await store.Files.DeleteAsync(_task, None);
        await SaveAsync(store, 2);
        await pipe.Writer.CompleteAsync();

        await Assert.ThrowsAsync<IOException>(() => saving.WaitAsync(Deadline));
        await using var file = await store.Files.OpenAsync(_task, "a", None);
        Assert.Equal(2, file!.ReadByte());
    }

    [Fact]
    public async Task Incomplete_files_of_a_dead_node_are_deleted_with_their_task()
    {
        await using var store = await OpenAsync();
        var record = New();
        await store.Tasks.AddAsync(record, Input, None);
        await ExecuteAsync($"with f as (insert into streamrelay.files values (gen_random_uuid(), '{record.Id.Value}', 'a', null) returning id) select count(*) from f");
        Assert.Null(await store.Files.OpenAsync(record.Id, "a", None));

        await store.Tasks.DeleteAsync(record.Id, None);

        Assert.Equal(0L, await ExecuteAsync("select count(*) from streamrelay.files"));
    }

    private async Task SaveAsync(PostgresStore store, byte version)
    {
        var bytes = new byte[3 * ChunkBytes];
        Array.Fill(bytes, version);
        await store.Files.SaveAsync(_task, "a", "text/plain", new MemoryStream(bytes), None);
    }

    private async Task ReadOneVersionAsync(PostgresStore store)
    {
        await using var file = await store.Files.OpenAsync(_task, "a", None);
        var bytes = new byte[3 * ChunkBytes];
        try
        {
            await file!.ReadExactlyAsync(bytes);
            Assert.True(bytes.AsSpan().ContainsAnyExcept(bytes[0]) is false);
        }
        catch (IOException exception)
        {
            Assert.Contains("replaced or deleted", exception.Message);
        }
    }

    private async Task<string> ReadAsync(PostgresStore store, string name)
    {
        await using var file = await store.Files.OpenAsync(_task, name, None);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file!));
    }
}
