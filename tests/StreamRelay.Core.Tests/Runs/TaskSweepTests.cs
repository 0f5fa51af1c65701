using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Agents;
using StreamRelay.Events;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Runs;

public sealed class TaskSweepTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(OnRestart.Fail, TaskState.Failed)]
    [InlineData(OnRestart.Resume, TaskState.Completed)]
    public async Task A_running_task_that_nothing_runs_is_ended_or_resumed_as_after_a_restart(OnRestart onRestart, TaskState state)
    {
        await using var relay = await StartAsync(onRestart);
        using var sweep = new TaskSweep(relay.Scheduler, relay.Runs, _time, NullLogger<TaskSweep>.Instance);
        await sweep.StartAsync(None);
        var task = await LeaveAsync(relay);

        _time.Advance(TimeSpan.FromSeconds(30));
        await Wait.UntilAsync(async () => (await relay.Tasks.FindAsync(task, None))!.IsEnded, Relay.Deadline, "the task has ended");
        await sweep.StopAsync(None);

        var ended = (await relay.Tasks.FindAsync(task, None))!;
        Assert.Equal((state, 2), (ended.State, ended.Epoch));
        Assert.Equal(onRestart is OnRestart.Fail ? "interrupted" : null, ended.Error?.Code);
        Assert.Single(await relay.ReadAllAsync(task), entry => entry.Event.Kind.IsTerminal());
    }

    [Fact]
    public async Task A_task_that_nothing_runs_is_stopped_like_any_other()
    {
        await using var relay = await StartAsync(OnRestart.Resume);
        var task = await LeaveAsync(relay);

        var stopped = await relay.Host.StopTaskAsync(task, None);

        Assert.Equal(TaskState.Stopped, stopped?.State);
        Assert.Single(await relay.ReadAllAsync(task), entry => entry.Event.Kind.IsTerminal());
    }

    [Fact]
    public async Task A_sweep_leaves_alone_the_tasks_that_run_or_have_ended()
    {
        var hold = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync((_, token) => hold.Task.WaitAsync(token), new() { MaxRunningTasks = 1 }, time: _time);
        var (running, queued) = (await relay.RunAsync(), await relay.RunAsync());
        Assert.True(await relay.Scheduler.SweepAsync(None));
        hold.SetResult();

        foreach (var task in new[] { await relay.EndAsync(running), await relay.EndAsync(queued) })
        {
            Assert.True(await relay.Scheduler.SweepAsync(None));
            Assert.Equal((TaskState.Completed, 1), (task.State, task.Epoch));
            Assert.Equal(task.Version, (await relay.Tasks.FindAsync(task.Id, None))!.Version);
        }
    }

    private Task<Relay> StartAsync(OnRestart onRestart) =>
        Relay.StartAsync((_, _) => Task.CompletedTask, agentOptions: new() { OnRestart = onRestart }, time: _time);

    /// <summary>Stores a task as a run leaves it that could not store its end.</summary>
    private static async Task<TaskId> LeaveAsync(Relay relay)
    {
        var request = relay.Request();
        await relay.Tasks.AddAsync(new() { Request = request, State = TaskState.Running }, Relay.Text("hello"), None);
        await using var writer = await relay.Log.OpenAsync(request.Id, 1, None);
        await writer.AppendAsync(new StreamEntry[] { new(1, relay.Time.GetUtcNow(), new(StreamEventKind.Start)) }, None);
        return request.Id;
    }
}
