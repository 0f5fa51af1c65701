using System.Text;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Agents;
using StreamRelay.Conversations;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Runs;

public sealed class AgentHostTests
{
    [Fact]
    public async Task A_task_is_readable_from_its_start_to_its_one_end()
    {
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            await context.ThoughtAsync("hm", token);
            await context.OutputAsync("hel", token);
            await context.OutputAsync("lo", token);
        });
        var task = await relay.RunAsync();
        Assert.True(relay.Streams.Find(task.Id)?.Head >= 1 || (await relay.EndAsync(task)).IsEnded);

        var entries = await relay.ReadAllAsync(task.Id);
        Assert.Equal(["start", "thought", "output", "output", "usage", "end"], entries.Select(entry => entry.Event.Kind.ToName()));
        Assert.Equal("hello", entries.Output());
        var ended = await relay.EndAsync(task);
        Assert.Equal(TaskState.Completed, ended.State);
        Assert.Equal(6, ended.LastOffset);
        Assert.Equal(entries[^1].Time, ended.EndedAt);
        Assert.Equal(new TaskUsage(2, 2, true), ended.Usage);
        Assert.Equal(entries.Sum(entry => entry.Event.Size), ended.Bytes);
    }

    [Fact]
    public async Task An_agent_exception_shows_its_code_and_any_other_exception_shows_no_details()
    {
        await using var relay = await Relay.StartAsync((context, _) =>
            throw (TaskMessages.LastUserText(context.Input) == "known" ? new AgentException("model_unavailable", "Try later.") : new InvalidOperationException("secret")));
        var known = await relay.EndAsync(await relay.RunAsync("known"));
        var unknown = await relay.EndAsync(await relay.RunAsync("unknown"));
        Assert.Equal(new TaskError("model_unavailable", "Try later."), known.Error);
        Assert.Equal(new TaskError("agent_failed", "The agent failed."), unknown.Error);
        var last = (await relay.ReadAllAsync(unknown.Id))[^1].Event;
        Assert.Equal(StreamEventKind.Error, last.Kind);
        Assert.DoesNotContain("secret", last.Text() + last.Metadata());
    }

    [Fact]
    public async Task Stopping_keeps_the_output_accepts_usage_and_refuses_more_output()
    {
        var published = new TaskCompletionSource();
        PublishFailure? refused = null;
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            await context.OutputAsync("kept", CancellationToken.None);
            published.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            catch (OperationCanceledException)
            {
                refused = (await Assert.ThrowsAsync<PublishException>(() => context.OutputAsync("late", CancellationToken.None).AsTask())).Failure;
                await context.UsageAsync(new(3, 4, false), CancellationToken.None);
                throw;
            }
        });
        var task = await relay.RunAsync();
        await published.Task.WaitAsync(Relay.Deadline);
        var stopped = (await relay.Host.StopTaskAsync(task.Id, CancellationToken.None))!;
        Assert.Equal(TaskState.Stopped, stopped.State);
        Assert.Equal(new TaskUsage(3, 4, false), stopped.Usage);
        Assert.Equal(PublishFailure.Closed, refused);
        Assert.Equal(["start", "output", "usage", "end"], (await relay.ReadAllAsync(task.Id)).Select(entry => entry.Event.Kind.ToName()));
        Assert.Equal(stopped.Version, (await relay.Host.StopTaskAsync(task.Id, CancellationToken.None))!.Version);
        Assert.Null(await relay.Host.StopTaskAsync(TaskId.New(relay.Time), CancellationToken.None));
    }

    [Fact]
    public async Task A_runner_that_ignores_the_stop_does_not_delay_the_end()
    {
        var never = new TaskCompletionSource();
        var time = new FakeTimeProvider();
        var started = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync((_, _) => { started.TrySetResult(); return never.Task; }, time: time);
        var task = await relay.RunAsync();
        await started.Task.WaitAsync(Relay.Deadline);
        var stopping = relay.Host.StopTaskAsync(task.Id, CancellationToken.None).AsTask();
        while (!stopping.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Equal(TaskState.Stopped, (await stopping)!.State);
        never.SetResult();
    }

    [Fact]
    public async Task More_tasks_than_slots_are_queued_and_can_be_stopped_while_queued()
    {
        var hold = new TaskCompletionSource();
        var order = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var relay = await Relay.StartAsync(async (context, _) =>
        {
            order.Enqueue(TaskMessages.LastUserText(context.Input)!);
            await hold.Task;
        }, new() { MaxRunningTasks = 1 });
        var first = await relay.RunAsync("first");
        var second = await relay.RunAsync("second");
        var third = await relay.RunAsync("third");
        Assert.Equal(TaskState.Queued, (await relay.Tasks.FindAsync(second.Id, CancellationToken.None))!.State);
        Assert.Equal(1, relay.Streams.Find(second.Id)!.Head);

        Assert.Equal(TaskState.Stopped, (await relay.Host.StopTaskAsync(second.Id, CancellationToken.None))!.State);
        hold.SetResult();
        await relay.EndAsync(first);
        Assert.Equal(TaskState.Completed, (await relay.EndAsync(third)).State);
        Assert.Equal(["first", "third"], order);
    }

    [Fact]
    public async Task Slots_are_given_to_tasks_in_the_order_of_their_start()
    {
        var order = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var relay = await Relay.StartAsync((context, _) =>
        {
            order.Enqueue(TaskMessages.LastUserText(context.Input)!);
            return Task.CompletedTask;
        }, new() { MaxRunningTasks = 1 });
        var names = Enumerable.Range(0, 500).Select(number => $"{number}").ToArray();
        List<TaskRecord> accepted = [];
        foreach (var name in names)
            accepted.Add(await relay.RunAsync(name));

        await Task.WhenAll(accepted.Select(relay.EndAsync));
        Assert.Equal(names, order);
    }

    [Fact]
    public async Task A_run_that_fails_in_the_store_releases_its_slot()
    {
        var store = FailingTasks.Create(out var control);
        await using var relay = await Relay.StartAsync((context, _) =>
        {
            control.Fail(TaskMessages.LastUserText(context.Input) == "first");
            return Task.CompletedTask;
        }, new() { MaxRunningTasks = 1, StoreOutage = TimeSpan.Zero }, tasks: store);
        var first = await relay.RunAsync("first");
        await relay.Host.WaitAsync(first.Id, CancellationToken.None).WaitAsync(Relay.Deadline);
        control.Fail(false);
        Assert.Equal(TaskState.Completed, (await relay.EndAsync(await relay.RunAsync("second"))).State);
    }

    [Fact]
    public async Task A_run_whose_task_was_deleted_elsewhere_leaves_no_events_and_no_files()
    {
        var (saved, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            await context.SaveFileAsync("a.txt", "text/plain", new MemoryStream("a"u8.ToArray()), token);
            saved.SetResult();
            await goOn.Task;
        });
        var task = await relay.RunAsync();
        await saved.Task.WaitAsync(Relay.Deadline);
        var run = relay.Runs.Find(task.Id)!;

        // As another node that took the task over, while this one was paused before it wrote its events and files.
        Assert.True(await relay.Tasks.DeleteAsync(task.Id, CancellationToken.None));
        goOn.SetResult();
        await run.Ended.WaitAsync(Relay.Deadline);

        await Assert.ThrowsAsync<LogNotFoundException>(async () => await relay.Log.ReadAsync(task.Id, 0, 1, CancellationToken.None));
        Assert.Null(await relay.Files.OpenAsync(task.Id, "a.txt", CancellationToken.None));
    }

    [Fact]
    public async Task A_task_that_runs_too_long_fails_with_timeout()
    {
        var time = new FakeTimeProvider();
        var started = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync((_, token) => { started.TrySetResult(); return Task.Delay(Timeout.Infinite, token); },
            agentOptions: new() { MaxDuration = TimeSpan.FromMinutes(1), StopGrace = TimeSpan.Zero }, time: time);
        var task = await relay.RunAsync();
        await started.Task.WaitAsync(Relay.Deadline);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("timeout", (await relay.EndAsync(task)).Error?.Code);
    }

    [Fact]
    public async Task A_task_with_too_much_output_ends_with_output_limit_and_keeps_the_entries_that_fit()
    {
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            while (true)
                await context.OutputAsync(new string('x', 1000), token);
        }, new() { MaxTaskBytes = 10_000 });
        var ended = await relay.EndAsync(await relay.RunAsync());
        Assert.Equal("output_limit", ended.Error?.Code);
        Assert.Equal(9000, (await relay.ReadAllAsync(ended.Id)).Output().Length);
    }

    [Fact]
    public async Task A_surrogate_pair_split_over_two_pieces_is_joined_and_a_lone_half_replaced()
    {
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            foreach (var unit in "a😀b👩‍🚀")
                await context.OutputAsync(unit.ToString(), token);
            await context.OutputAsync("x\uDC00y\uD83D", token);
        });
        var task = await relay.EndAsync(await relay.RunAsync());
        Assert.Equal("a😀b👩‍🚀x\uFFFDy\uFFFD", (await relay.ReadAllAsync(task.Id)).Output());
    }

    [Fact]
    public async Task Code_deep_below_the_runner_finds_its_own_task_and_no_other()
    {
        static async Task DeepAsync()
        {
            await Task.Yield();
            Assert.True(AgentContext.Current!.TryOutput(TaskMessages.LastUserText(AgentContext.Current.Input)!));
        }

        await using var relay = await Relay.StartAsync((_, _) => DeepAsync());
        Assert.Null(AgentContext.Current);
        var tasks = await Task.WhenAll(Enumerable.Range(0, 50).Select(index => relay.RunAsync($"task {index}")));
        for (var index = 0; index < tasks.Length; index++)
            Assert.Equal($"task {index}", (await relay.ReadAllAsync(tasks[index].Id)).Output());
    }

    [Fact]
    public async Task After_a_restart_running_tasks_are_interrupted_queued_tasks_run_and_ended_tasks_are_unchanged()
    {
        var hold = new TaskCompletionSource();
        var published = new TaskCompletionSource();
        var before = await Relay.StartAsync(async (context, token) =>
        {
            await context.OutputAsync("half", CancellationToken.None);
            await context.FlushAsync(CancellationToken.None);
            published.TrySetResult();
            await hold.Task.WaitAsync(token);
        }, new() { MaxRunningTasks = 1 });
        var running = await before.RunAsync();
        var queued = await before.RunAsync();
        await published.Task.WaitAsync(Relay.Deadline);
        await before.Scheduler.StopAsync(CancellationToken.None);

        await using var after = await Relay.StartAsync(async (context, token) => await context.OutputAsync("whole", token), before: before);
        var interrupted = await after.EndAsync(running);
        Assert.Equal("interrupted", interrupted.Error?.Code);
        Assert.Equal(2, interrupted.Epoch);
        Assert.NotEqual(0, interrupted.Usage?.CompletionTokens);
        Assert.Equal(["start", "output", "usage", "error"], (await after.ReadAllAsync(running.Id)).Select(entry => entry.Event.Kind.ToName()));
        Assert.Equal(TaskState.Completed, (await after.EndAsync(queued)).State);
        Assert.Equal("whole", (await after.ReadAllAsync(queued.Id)).Output());
    }

    [Fact]
    public async Task A_record_that_misses_the_end_of_its_task_is_updated_from_the_log()
    {
        var before = await Relay.StartAsync((_, _) => Task.CompletedTask);
        var request = before.Request();
        await before.Tasks.AddAsync(new() { Request = request, State = TaskState.Running }, Relay.Text("x"), CancellationToken.None);
        var stream = await before.Streams.CreateAsync(request.Id, 1, CancellationToken.None);
        await stream.PublishAsync(new(StreamEventKind.Start), CancellationToken.None);
        await stream.CompleteAsync(TaskEvents.End(TaskState.Stopped, "stop"));

        await using var after = await Relay.StartAsync((_, _) => Task.CompletedTask, before: before);
        var record = (await after.Tasks.FindAsync(request.Id, CancellationToken.None))!;
        Assert.Equal((TaskState.Stopped, 2L), (record.State, record.LastOffset));
        Assert.Equal(2, (await after.ReadAllAsync(request.Id)).Count);
    }

    [Fact]
    public async Task A_store_that_fails_and_comes_back_ends_the_task_as_failed()
    {
        var log = new FailingLog(after: 2);
        var time = new FakeTimeProvider();
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            await context.OutputAsync("kept", token);
            await context.FlushAsync(token);
            await context.OutputAsync("lost", token);
            await context.FlushAsync(token);
        }, time: time, log: log);
        var task = await relay.RunAsync();
        var ended = relay.EndAsync(task);
        while (!ended.IsCompleted)
        {
            log.Repair();
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.True((await ended).IsEnded);
        Assert.Single(await relay.ReadAllAsync(task.Id), entry => entry.Event.Kind.IsTerminal());
    }

    [Fact]
    public async Task A_start_with_a_known_key_is_the_same_task()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask);
        var starts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
            await relay.Host.StartTaskAsync(relay.Request() with { IdempotencyKey = "k", RequestFingerprint = "h" }, Relay.Text("x"), CancellationToken.None))));
        Assert.Single(starts, start => start.IsNew);
        Assert.Single(starts.Select(start => start.Task.Id).Distinct());
        var other = await relay.Host.StartTaskAsync(relay.Request("other") with { IdempotencyKey = "k", RequestFingerprint = "h" }, Relay.Text("x"), CancellationToken.None);
        Assert.True(other.IsNew);
    }

    [Fact]
    public async Task A_saved_file_is_on_the_record_before_readers_get_its_event()
    {
        await using var relay = await Relay.StartAsync(async (context, token) =>
            await context.SaveFileAsync("a b.md", "text/markdown", new MemoryStream(Encoding.UTF8.GetBytes("# hi")), token));
        var task = await relay.EndAsync(await relay.RunAsync());
        var file = Assert.Single(task.Files);
        Assert.Equal(("a b.md", 4L), (file.Name, file.Size));
        var fileEntry = Assert.Single(await relay.ReadAllAsync(task.Id), entry => entry.Event.Kind == StreamEventKind.File);
        Assert.Contains($"/download/{task.Id}/a%20b.md", fileEntry.Event.Metadata());
    }
}
