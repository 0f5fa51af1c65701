using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Cluster;
using StreamRelay.Events;
using StreamRelay.Streams;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Runs;

/// <summary>Each write that a task needs fails once or for a while, with and without its effect.</summary>
public sealed class FaultMatrixTests
{
    private const int Tasks = 3;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly StreamOptions OneSlot = new() { MaxRunningTasks = 1 };

    private readonly FakeTimeProvider _time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ConcurrentQueue<TaskId> _ran = new();

    public static TheoryData<StoreWrite, int, int, bool, bool> Cases()
    {
        var cases = new TheoryData<StoreWrite, int, int, bool, bool>();
        foreach (var kind in Enum.GetValues<StoreWrite>())
        {
            foreach (var first in new[] { 1, 2, 3 })
            {
                foreach (var count in new[] { 1, 3, 40 })
                {
                    cases.Add(kind, first, count, false, false);
                    cases.Add(kind, first, count, true, false);
                    if (count != 3)
                        cases.Add(kind, first, count, first != 2, true);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task After_a_failed_write_no_task_is_stuck_no_refused_start_runs_and_each_task_has_one_end(
        StoreWrite kind, int first, int count, bool isWritten, bool isCluster)
    {
        var faults = new StoreFaults(kind, first, count, isWritten);
        var (tasks, log) = (new FaultyTasks(faults), new FaultyLog(faults));
        await using var relay = await StartAsync(tasks, log, new FaultyFiles(faults), isCluster);
        using var sweep = new TaskSweep(relay.Scheduler, relay.Runs, _time, NullLogger<TaskSweep>.Instance);
        await sweep.StartAsync(None);

        List<TaskId> refused = [];
        List<TaskRecord> accepted = [];
        for (var key = 0; key < Tasks; key++)
            accepted.Add(await StartUntilAcceptedAsync(relay, $"key {key}", refused));

        await AdvanceUntilAsync(async () => relay.Streams.ListActive().Count == 0 && (await ListAsync(tasks)).All(task => task.IsEnded));
        await sweep.StopAsync(None);

        Assert.Equal(accepted.Select(task => task.Id).Order(), (await ListAsync(tasks)).Select(task => task.Id).Order());
        Assert.Empty(_ran.Intersect(refused));
        foreach (var task in await ListAsync(tasks))
        {
            var entries = await relay.ReadAllAsync(task.Id);
            Assert.Single(entries, entry => entry.Event.Kind.IsTerminal());
            Assert.Equal(Enumerable.Range(1, entries.Count).Select(offset => (long)offset), entries.Select(entry => entry.Offset));
            Assert.Equal(task.LastOffset, entries[^1].Offset);
        }

        await AdvanceUntilAsync(async () =>
        {
            await relay.Retention.CleanUpAsync(TimeSpan.Zero, null, None);
            return (await ListAsync(tasks)).Count == 0;
        });
    }

    [Theory]
    [InlineData(StoreWrite.AppendStart, false)]
    [InlineData(StoreWrite.AppendStart, true)]
    [InlineData(StoreWrite.AddRecord, true)]
    public async Task A_start_that_was_refused_and_could_not_be_undone_does_not_run_after_a_restart(StoreWrite kind, bool isWritten)
    {
        var tasks = new FaultyTasks(kind == StoreWrite.AddRecord ? new(kind, 1, 1, isWritten) : new(StoreWrite.DeleteRecord, 1, int.MaxValue, false));
        var log = new FaultyLog(new(kind, 1, 1, isWritten));
        var before = await StartAsync(tasks, log, new FaultyFiles(StoreFaults.None));
        var request = before.Request() with { IdempotencyKey = "key" };
        await Assert.ThrowsAnyAsync<Exception>(() => before.RunAsync(request: request));
        await before.Scheduler.StopAsync(None);

        await using var after = await StartAsync(tasks.Whole, log.Whole, before.Files);

        Assert.Null(await after.Tasks.FindAsync(request.Id, None));
        var again = await after.EndAsync(await after.RunAsync(request: after.Request() with { IdempotencyKey = "key" }));
        Assert.Equal(TaskState.Completed, again.State);
        Assert.Equal([again.Id], _ran);
    }

    [Fact]
    public async Task A_request_that_finds_a_start_in_progress_is_not_answered_with_a_start_that_is_then_refused()
    {
        var faults = new StoreFaults(StoreWrite.AppendStart, 1, 1, isWritten: false);
        var (tasks, log) = (new FaultyTasks(faults), new FaultyLog(faults));
        await using var relay = await StartAsync(tasks, log, new FaultyFiles(faults));

        var starts = Enumerable.Range(0, 20).Select(_ => Task.Run(() => relay.RunAsync(request: relay.Request() with { IdempotencyKey = "key" }))).ToArray();
        _ = await Task.WhenAny(Task.WhenAll(starts)).WaitAsync(Relay.Deadline);

        Assert.Single(starts.Where(start => start.IsFaulted).Select(start => start.Id));
        var task = Assert.Single(starts.Where(start => start.IsCompletedSuccessfully).Select(start => start.Result.Id).Distinct());
        Assert.Equal(TaskState.Completed, (await relay.EndAsync((await tasks.FindAsync(task, None))!)).State);
    }

    private Task<Relay> StartAsync(ITaskStore tasks, Logs.IEventLog log, Files.IFileStore files, bool isCluster = false) => Relay.StartAsync(
        async (context, token) =>
        {
            _ran.Enqueue(context.Request.Id);
            await context.OutputAsync("first", token);
            await context.FlushAsync(token);
            await context.SaveFileAsync("file.md", "text/markdown", new MemoryStream([1, 2, 3]), token);
            await context.OutputAsync("second", token);
        },
        OneSlot, new() { MaxDuration = TimeSpan.FromDays(30), StopGrace = TimeSpan.Zero }, _time, log: log, tasks: tasks, files: files,
        scheduler: isCluster ? CreateCluster : null);

    private ClusterScheduler CreateCluster(Relay relay) =>
        new(relay.Runs, relay.Stores, relay.Heads, relay.Readers, new MemoryWorkQueue(_time), NullLogger<ClusterScheduler>.Instance);

    private async Task<TaskRecord> StartUntilAcceptedAsync(Relay relay, string key, List<TaskId> refused)
    {
        while (true)
        {
            var request = relay.Request() with { IdempotencyKey = key };
            try
            {
                return await relay.RunAsync(request: request);
            }
            catch (Exception exception) when (exception is IOException or PublishException)
            {
                refused.Add(request.Id);
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }

    private static ValueTask<IReadOnlyList<TaskRecord>> ListAsync(FaultyTasks tasks) => tasks.ListAsync(new() { Limit = int.MaxValue }, None);

    private async Task AdvanceUntilAsync(Func<Task<bool>> condition)
    {
        for (var clock = Stopwatch.StartNew(); !await condition(); await Task.Yield())
        {
            Assert.True(clock.Elapsed < Relay.Deadline, "A task is stuck.");
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }
    }
}
