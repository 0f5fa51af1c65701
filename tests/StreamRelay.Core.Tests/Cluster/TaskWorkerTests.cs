using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Runs;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Cluster;

/// <summary>What a node holds of the tasks that it takes, whatever happens to them.</summary>
public sealed class TaskWorkerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryCounts _counts = new();
    private readonly MemoryWorkQueue _queue;
    private readonly ConcurrentDictionary<TaskId, TaskCompletionSource> _running = new();

    public TaskWorkerTests() => _queue = new(_time);

    [Fact]
    public async Task A_task_that_is_offered_twice_keeps_no_other_task_from_running()
    {
        await using var relay = await StartAsync(maxConcurrent: 0);
        var first = await relay.RunAsync();
        await AdvanceUntilAsync(() => _running.ContainsKey(first.Id));

        await _queue.OfferAsync(first.Id, None);
        var second = await relay.RunAsync(request: relay.Request("you"));

        await AdvanceUntilAsync(() => _running.ContainsKey(second.Id));
        End(first, second);
    }

    [Fact]
    public async Task A_task_that_has_waited_and_cannot_be_read_keeps_no_slot()
    {
        var tasks = FailingTasks.Create(out var failures);
        await using var relay = await StartAsync(maxConcurrent: 1, tasks);
        var first = await relay.RunAsync();
        await AdvanceUntilAsync(() => _running.ContainsKey(first.Id));
        await relay.RunAsync();
        await AdvanceUntilAsync(() => _counts.FirstLeft.IsCompleted);

        failures.FailFind(true);
        End(first);

        await AdvanceUntilAsync(() => relay.Runs.Slots.CountAgent("agent") == 0 && _counts.Sum == 0);
    }

    [Fact]
    public async Task A_task_that_waits_at_a_shutdown_is_offered_to_other_nodes_at_once()
    {
        await using var relay = await StartAsync(maxConcurrent: 1);
        var first = await relay.RunAsync();
        await AdvanceUntilAsync(() => _running.ContainsKey(first.Id));
        var second = await relay.RunAsync();
        await AdvanceUntilAsync(() => _counts.FirstLeft.IsCompleted);

        await relay.Scheduler.StopAsync(None);

        Assert.Contains(await _queue.TakeAsync(10, None).AsTask().WaitAsync(Relay.Deadline), item => item.Task == second.Id);
    }

    private Task<Relay> StartAsync(int maxConcurrent, ITaskStore? tasks = null) => Relay.StartAsync(
        (context, token) => _running.GetOrAdd(context.Request.Id, static _ => new()).Task.WaitAsync(token),
        new() { MaxRunningTasks = 2, MaxRunningTasksPerOwner = 2 }, new() { MaxConcurrent = maxConcurrent, MaxDuration = TimeSpan.FromDays(30) }, _time, tasks: tasks,
        scheduler: relay => new ClusterScheduler(relay.Runs, relay.Stores, relay.Heads, relay.Readers, _queue, NullLogger<ClusterScheduler>.Instance),
        quotas: new(Running: _counts));

    private void End(params TaskRecord[] tasks)
    {
        foreach (var task in tasks)
            _running[task.Id].SetResult();
    }

    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Yield())
        {
            Assert.True(clock.Elapsed < Relay.Deadline, "A task is stuck.");
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }
    }
}
