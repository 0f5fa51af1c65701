using StreamRelay.Agents;
using StreamRelay.Events;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Runs;

/// <summary>Running tasks when the process ends and another one starts on the same stores.</summary>
public sealed class ResumeTests
{
    private static readonly AgentOptions Resuming = new() { OnRestart = OnRestart.Resume, MaxAttempts = 3 };

    [Fact]
    public async Task A_resumed_runner_knows_its_attempt_and_its_history_and_readers_see_one_stream()
    {
        var (before, task) = await BeginAsync(Resuming);
        List<string> history = [];
        await using var after = await Relay.StartAsync(async (context, token) =>
        {
            await foreach (var entry in context.HistoryAsync(token))
                history.Add($"{entry.Offset} {entry.Event.Kind.ToName()} {entry.Event.Text()}");

            await context.OutputAsync($"attempt {context.Attempt}", token);
        }, agentOptions: Resuming, before: before);

        var ended = await after.EndAsync(task);
        Assert.Equal((TaskState.Completed, 2), (ended.State, ended.Epoch));
        Assert.Equal(["1 start ", "2 output hello "], history);
        var entries = await after.ReadAllAsync(task.Id);
        Assert.Equal("hello attempt 2", entries.Output());
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(offset => (long)offset), entries.Select(entry => entry.Offset));
        Assert.Single(entries, entry => entry.Event.Kind.IsTerminal());
        Assert.Equal(entries.Sum(entry => entry.Event.Size), ended.Bytes);
        Assert.Equal(TaskUsage.Estimate(7, "hello attempt 2".Length), ended.Usage);
    }

    [Fact]
    public async Task A_task_that_ends_the_process_each_time_fails_in_the_end()
    {
        var (relay, task) = await BeginAsync(Resuming);
        for (var attempt = 2; attempt <= 3; attempt++)
        {
            var running = new TaskCompletionSource<long>();
            var next = await Relay.StartAsync((context, token) => { running.SetResult(context.Attempt); return Task.Delay(Timeout.Infinite, token); }, agentOptions: Resuming, before: relay);
            Assert.Equal(attempt, await running.Task.WaitAsync(Relay.Deadline));
            await relay.DisposeAsync();
            await next.DisposeAsync();
            relay = next;
        }

        await using var last = await Relay.StartAsync((_, _) => throw new InvalidOperationException("It must not run again."), agentOptions: Resuming, before: relay);
        Assert.Equal("interrupted", (await last.EndAsync(task)).Error?.Code);
    }

    [Fact]
    public async Task With_OnRestart_Fail_or_a_requested_stop_no_task_runs_again()
    {
        var (before, failing) = await BeginAsync(new());
        await using (var after = await Relay.StartAsync((_, _) => throw new InvalidOperationException("It must not run again."), before: before))
            Assert.Equal("interrupted", (await after.EndAsync(failing)).Error?.Code);

        var (stopping, stopped) = await BeginAsync(Resuming);
        var record = (await stopping.Tasks.FindAsync(stopped.Id, CancellationToken.None))!;
        Assert.True(await stopping.Tasks.TryUpdateAsync(record with { StopRequested = true }, CancellationToken.None));
        await using var again = await Relay.StartAsync((_, _) => throw new InvalidOperationException("It must not run again."), agentOptions: Resuming, before: stopping);
        Assert.Equal(TaskState.Stopped, (await again.EndAsync(stopped)).State);
    }

    /// <summary>Starts a task whose process ends after its first output.</summary>
    private static async Task<(Relay Relay, TaskRecord Task)> BeginAsync(AgentOptions options)
    {
        var published = new TaskCompletionSource();
        var relay = await Relay.StartAsync(async (context, token) =>
        {
            await context.OutputAsync("hello ", token);
            await context.FlushAsync(token);
            published.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        }, agentOptions: options);
        var task = await relay.RunAsync();
        await published.Task.WaitAsync(Relay.Deadline);
        await relay.DisposeAsync();
        return (relay, task);
    }
}
