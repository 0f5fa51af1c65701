using StreamRelay.Events;
using StreamRelay.Redis.Connection;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Log;

/// <summary>Tests appends that name their predecessor. An append changes nothing when it is executed late, or on a server that has lost the end of the log.</summary>
public sealed class LateAppendTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TaskId _task = SampleEntries.NewTask();
    private RedisServer _server = null!;
    private RedisConnection _connection = null!;
    private StoredLog _log = null!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _connection = RedisStores.Connection(_server);
        _log = new(_connection, "log", _task, TimeSpan.FromHours(1));
        await _log.TryMarkAsync(LogElement.Marker(1, "one"), None);
        Assert.NotNull(await _log.TryAppendAsync(new(new(1, 0)), Batch(1, 1), None));
        Assert.NotNull(await _log.TryAppendAsync(new(new(1, 1)), Batch(1, 2), None));
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_append_that_is_executed_twice_is_stored_once()
    {
        Assert.Null(await _log.TryAppendAsync(new(new(1, 1)), Batch(1, 2), None));

        Assert.Equal(["1-0", "1-1", "1-2"], await IdsAsync());
    }

    [Fact]
    public async Task An_append_whose_predecessor_is_lost_leaves_no_gap()
    {
        await _server.CliAsync("XDEL", "log", "1-2");
        await _server.CliAsync("XSETID", "log", "1-1");

        Assert.Null(await _log.TryAppendAsync(new(new(1, 2)), Batch(1, 3), None));

        Assert.Equal(["1-0", "1-1"], await IdsAsync());
    }

    [Fact]
    public async Task An_append_to_a_log_of_the_known_length_is_counted()
    {
        Assert.Equal(new LogTop(new(1, 3), 4), await _log.TryAppendAsync(new(new(1, 2), 3), Batch(1, 3), None));
        Assert.Equal(new LogTop(new(1, 4), 5), await _log.TryAppendAsync(new(new(1, 3)), Batch(1, 4), None));
    }

    [Fact]
    public async Task An_append_to_a_shorter_log_than_is_known_leaves_no_gap()
    {
        await _server.CliAsync("XDEL", "log", "1-2");
        await _server.CliAsync("XSETID", "log", "1-1");

        Assert.Null(await _log.TryAppendAsync(new(new(1, 2), 3), Batch(1, 3), None));

        Assert.Equal(["1-0", "1-1"], await IdsAsync());
    }

    [Fact]
    public async Task An_append_to_a_log_that_a_higher_epoch_has_made_as_long_again_changes_nothing()
    {
        await _server.CliAsync("XDEL", "log", "1-2");
        await _server.CliAsync("XSETID", "log", "1-1");
        await _log.TryMarkAsync(LogElement.Marker(2, "two"), None);

        Assert.Null(await _log.TryAppendAsync(new(new(1, 2), 3), Batch(1, 3), None));

        Assert.Equal(["1-0", "1-1", "2-0"], await IdsAsync());
    }

    [Fact]
    public async Task An_append_of_an_older_epoch_changes_nothing()
    {
        await _log.TryMarkAsync(LogElement.Marker(2, "two"), None);

        Assert.Null(await _log.TryAppendAsync(new(new(1, 2)), Batch(1, 3), None));

        Assert.Equal(["1-0", "1-1", "1-2", "2-0"], await IdsAsync());
    }

    [Fact]
    public async Task An_append_to_a_deleted_log_does_not_create_the_log()
    {
        await _log.DeleteAsync(None);

        Assert.Null(await _log.TryAppendAsync(new(new(1, 2)), Batch(1, 3), None));

        Assert.Equal("0", await _server.CliAsync("EXISTS", "log"));
    }

    [Fact]
    public async Task A_script_that_was_flushed_is_loaded_again()
    {
        await _server.CliAsync("SCRIPT", "FLUSH");

        Assert.NotNull(await _log.TryAppendAsync(new(new(1, 2)), Batch(1, 3), None));
    }

    [Fact]
    public async Task An_append_of_the_end_sets_the_expiry_of_the_log()
    {
        Assert.Equal("-1", await _server.CliAsync("PTTL", "log"));

        Assert.NotNull(await _log.TryAppendAsync(new(new(1, 2)), LogElement.Batch(1, [new(3, DateTimeOffset.UnixEpoch, new(StreamEventKind.End))]), None));

        Assert.InRange(long.Parse(await _server.CliAsync("PTTL", "log"), System.Globalization.CultureInfo.InvariantCulture), 1, 3_600_000);
    }

    private static LogElement Batch(long epoch, long offset) => LogElement.Batch(epoch, SampleEntries.Entries(offset, 1));

    private async Task<string[]> IdsAsync() => [.. (await _connection.SendAsync(database => database.StreamRangeAsync("log"), None)).Select(element => $"{element.Id}")];
}
