using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using StreamRelay.Logs;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Postgres;

public sealed class PostgresOutageTests : IAsyncLifetime
{
    private const int Workers = 8;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TaskInput Input = new("\"topic\""u8.ToArray());
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private PostgresServer _server = null!;
    private string _database = null!;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        _database = await _server.CreateDatabaseAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Work_goes_on_through_restarts_and_a_kill_and_nothing_is_lost_or_done_twice()
    {
        await using var store = await OpenAsync();
        var shared = await AddAsync(store, "shared");
        var rounds = Channel.CreateUnbounded<int>();
        using var end = new CancellationTokenSource();
        var workers = Enumerable.Range(0, Workers).Select(number => Task.Run(() => WorkAsync(store, shared, number, rounds.Writer, end.Token))).ToArray();

        await RoundsAsync(rounds.Reader, workers);
        await _server.RestartAsync();
        await RoundsAsync(rounds.Reader, workers);
        _server.Kill();
        await _server.RestartAsync();
        await RoundsAsync(rounds.Reader, workers);
        await _server.StopAsync();
        await _server.RestartAsync();
        await RoundsAsync(rounds.Reader, workers);
        await end.CancelAsync();
        var done = await Task.WhenAll(workers).WaitAsync(Deadline);

        var count = done.Sum(worker => worker.Rounds);
        var found = await store.Tasks.FindAsync(shared, None);
        Assert.Equal((count.ToString(CultureInfo.InvariantCulture), (long)count), (found!.Result, found.Version));
        var kept = await store.Tasks.ListAsync(new() { Limit = int.MaxValue }, None);
        Assert.Equal(done.SelectMany(worker => worker.Kept).Append(shared).OrderDescending(), kept.Select(record => record.Id));
    }

    [Fact]
    public async Task A_server_that_is_unavailable_for_half_a_minute_is_reported_as_unreachable()
    {
        var time = new HurriedTime();
        await using var store = await OpenAsync(time);
        await _server.StopAsync();

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Tasks.FindAsync(SampleEntries.NewTask(), None).AsTask());

        Assert.Contains("PostgreSQL is not reachable", failure.Message);
        Assert.InRange(time.Passed, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task Waiting_for_the_server_ends_when_it_is_cancelled()
    {
        await using var store = await OpenAsync(new FakeTimeProvider());
        await _server.StopAsync();
        using var leaving = new CancellationTokenSource();

        var finding = store.Tasks.FindAsync(SampleEntries.NewTask(), leaving.Token).AsTask();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finding.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_connection_to_a_former_primary_is_not_used_again()
    {
        await using var store = await OpenAsync();
        var task = await AddAsync(store, "x");
        await ExecuteAsync("alter role postgres set default_transaction_read_only = on");
        await ExecuteAsync("select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'StreamRelay'");
        var found = await store.Tasks.FindAsync(task, None);
        var writing = new NpgsqlConnectionStringBuilder(_database) { Options = "-c default_transaction_read_only=off" };
        await PostgresServer.ExecuteAsync(writing.ConnectionString, "alter role postgres reset default_transaction_read_only");

        Assert.True(await store.Tasks.TryUpdateAsync(found!, None));
    }

    private static async Task<(int Rounds, List<TaskId> Kept)> WorkAsync(
        PostgresStore store, TaskId shared, int number, ChannelWriter<int> rounds, CancellationToken end)
    {
        List<TaskId> kept = [];
        var count = 0;
        var session = number.ToString(CultureInfo.InvariantCulture);
        while (!end.IsCancellationRequested)
        {
            await PostgresCounter.IncrementAsync(store.Tasks, shared);
            var record = New(session) with { Result = "r" };
            Assert.Null(await store.Tasks.AddAsync(record, Input, None));
            Assert.Equal(kept.Append(record.Id).OrderDescending(), (await store.Tasks.ListAsync(new() { SessionId = session, Limit = int.MaxValue }, None)).Select(task => task.Id));
            if (count++ % 10 == 0)
                kept.Add(record.Id);
            else
                Assert.True(await store.Tasks.DeleteAsync(record.Id, None));

            rounds.TryWrite(number);
        }

        return (count, kept);
    }

    /// <summary>Waits until every worker has done a few more rounds, or one has failed.</summary>
    private static async Task RoundsAsync(ChannelReader<int> rounds, Task[] workers)
    {
        while (rounds.TryRead(out _))
        {
        }

        var left = Enumerable.Repeat(5, Workers).ToArray();
        while (left.Any(count => count > 0) && !workers.Any(worker => worker.IsCompleted))
            left[await rounds.ReadAsync().AsTask().WaitAsync(Deadline)]--;
    }

    private static TaskRecord New(string session) => new()
    {
        Request = new() { Id = SampleEntries.NewTask(), Agent = "probe", Owner = "me", CreatedAt = SampleEntries.Start, SessionId = session },
        Result = "0",
    };

    private static async Task<TaskId> AddAsync(PostgresStore store, string session)
    {
        var record = New(session);
        await store.Tasks.AddAsync(record, Input, None);
        return record.Id;
    }

    private Task<PostgresStore> OpenAsync(TimeProvider? time = null) => PostgresStore.OpenAsync(_database, time ?? TimeProvider.System, None);

    private Task<object?> ExecuteAsync(string sql) => PostgresServer.ExecuteAsync(_database, sql);

    /// <summary>A clock that only timers advance: each timer fires at once and advances the clock by its due time.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long _ticks;

        public TimeSpan Passed => new(Interlocked.Read(ref _ticks));

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref _ticks, dueTime.Ticks);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
