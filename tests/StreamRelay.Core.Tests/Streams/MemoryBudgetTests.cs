using StreamRelay.Events;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Streams;

public sealed class MemoryBudgetTests
{
    private const int MiB = 1 << 20;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void The_user_that_was_added_last_gives_back_first_and_only_what_is_missing()
    {
        var budget = new MemoryBudget(100);
        var (first, last) = (new User(budget, 60), new User(budget, 40));
        budget.Register(first);
        budget.Register(last);

        Assert.True(budget.TryTake(30));
        Assert.Equal((60, 10), (first.Held, last.Held));
        Assert.True(budget.TryTake(50));
        Assert.Equal((20, 0), (first.Held, last.Held));
        Assert.False(budget.TryTake(21));
        Assert.Equal(80, budget.Bytes);
        budget.Add(-80);
        Assert.True(budget.TryTake(90));
    }

    [Fact]
    public async Task A_request_waits_for_memory_that_is_being_given_back_for_another()
    {
        var budget = new MemoryBudget(100);
        using var user = new SlowUser(budget, 100);
        budget.Register(user);
        var first = Task.Run(() => budget.TryTake(60));
        user.Asked.Wait(Relay.Deadline);
        var isTaken = false;
        var second = new Thread(() => isTaken = budget.TryTake(40));
        second.Start();
        await Wait.UntilAsync(
            () => Task.FromResult(second.ThreadState), state => state is ThreadState.WaitSleepJoin or ThreadState.Stopped, Relay.Deadline, "the request waits");
        user.Continue.Set();

        Assert.True(await first.WaitAsync(Relay.Deadline));
        Assert.True(second.Join(Relay.Deadline));
        Assert.True(isTaken);
        Assert.Equal(100, budget.Bytes);
    }

    [Fact]
    public async Task Newest_events_of_all_tasks_stay_within_the_budget_and_every_event_can_be_read()
    {
        const int Tasks = 8;
        const int Events = 20;
        var (begin, hold) = (new TaskCompletionSource(), new TaskCompletionSource());
        var published = new CountdownEvent(Tasks);
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            await begin.Task.WaitAsync(token);
            for (var index = 0; index < Events; index++)
                await context.OutputAsync(new string('x', 256 << 10), token);

            await context.FlushAsync(token);
            published.Signal();
            await hold.Task.WaitAsync(token);
        }, new() { MemoryBytes = 2 * MiB });
        var tasks = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => relay.RunAsync()));

        // A start is refused while the events of other tasks use the budget up.
        begin.SetResult();
        await Wait.UntilAsync(() => Task.FromResult(published.IsSet), Relay.Deadline, "the events are published");

        Assert.InRange(relay.Streams.Memory.Bytes, 1, 2 * MiB + (2 * MiB / 32));
        hold.SetResult();
        foreach (var task in tasks)
            Assert.Equal(Events * (256 << 10), (await relay.ReadAllAsync(task.Id)).Output().Length);
    }

    [Fact]
    public async Task One_task_keeps_at_most_the_bytes_of_a_tail()
    {
        var hold = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            for (var index = 0; index < 40; index++)
                await context.OutputAsync(new string('x', 100_000), token);

            await context.FlushAsync(token);
            await hold.Task.WaitAsync(token);
        }, new() { TailBytes = MiB });
        var task = await relay.RunAsync();
        await Wait.UntilAsync(() => Task.FromResult(relay.Streams.Find(task.Id)?.Head == 41), Relay.Deadline, "all events are durable");

        Assert.InRange(relay.Streams.Memory.Bytes, MiB / 2, MiB + (64 << 10));
        hold.SetResult();
    }

    [Fact]
    public async Task All_memory_is_given_back_when_the_tasks_have_ended_and_their_readers_have_left()
    {
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            for (var index = 0; index < 100; index++)
                await context.OutputAsync(new string('x', 10_000), token);
        });
        var tasks = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => relay.RunAsync(new string('i', 1000 * index))));
        await Task.WhenAll(tasks.Select(task => relay.ReadAllAsync(task.Id)));

        await Wait.UntilAsync(() => Task.FromResult(relay.Streams.Memory.Bytes), static bytes => bytes == 0, Relay.Deadline, "bytes of the budget");
    }

    [Fact]
    public async Task A_start_that_does_not_fit_is_refused_and_leaves_nothing()
    {
        var hold = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync((_, token) => hold.Task.WaitAsync(token), new() { MemoryBytes = 100_000 });
        var first = await relay.RunAsync(new string('x', 60_000));

        var refused = relay.Request();
        await Assert.ThrowsAsync<MemoryBudgetException>(() => relay.RunAsync(new string('x', 60_000), refused));

        Assert.Null(await relay.Tasks.FindAsync(refused.Id, None));
        hold.SetResult();
        await relay.EndAsync(first);
        await Wait.UntilAsync(() => Task.FromResult(relay.Streams.Memory.Bytes), static bytes => bytes == 0, Relay.Deadline, "bytes of the budget");
        Assert.Equal(TaskState.Completed, (await relay.EndAsync(await relay.RunAsync(new string('x', 60_000)))).State);
    }

    [Fact]
    public async Task Events_without_content_count()
    {
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            while (true)
                await context.PublishAsync(new(StreamEventKind.Output), token);
        }, new() { MaxTaskBytes = 100 * StreamEvent.Overhead });
        var ended = await relay.EndAsync(await relay.RunAsync());

        Assert.Equal("output_limit", ended.Error?.Code);
        Assert.InRange(ended.LastOffset, 50, 102);
    }

    [Fact]
    public void An_inbox_takes_one_event_at_a_time_while_the_memory_is_used_up()
    {
        var budget = new MemoryBudget(1000);
        var inbox = new Inbox(capacity: 100, maxBytes: MiB, budget);
        budget.Add(1001);

        Assert.True(inbox.TryWrite(new(Relay.Output("first"), null)));
        Assert.False(inbox.TryWrite(new(Relay.Output("second"), null)));
        Assert.True(inbox.TryRead(out _));
        Assert.True(inbox.TryWrite(new(Relay.Output("second"), null)));
        budget.Add(-1001);
        Assert.True(inbox.TryWrite(new(Relay.Output("third"), null)));
    }

    [Fact]
    public void An_inbox_counts_its_bytes_in_steps_and_gives_all_of_them_back()
    {
        var budget = new MemoryBudget(long.MaxValue);
        var inbox = new Inbox(capacity: 1000, maxBytes: 64 * MiB, budget);
        Parallel.For(0, 200, _ => Assert.True(inbox.TryWrite(new(Relay.Output(new string('x', 10_000)), null))));

        Assert.InRange(budget.Bytes, 200 * 10_000 - (64 << 10), 200 * (10_000 + StreamEvent.Overhead));
        while (inbox.TryRead(out _))
        {
        }

        Assert.Equal(0, budget.Bytes);
    }

    private sealed class User : IMemoryUser
    {
        private readonly MemoryBudget _budget;

        public User(MemoryBudget budget, long held)
        {
            (_budget, Held) = (budget, held);
            budget.Add(held);
        }

        public long Held { get; private set; }

        public long Release(long wanted)
        {
            var released = Math.Min(wanted, Held);
            Held -= released;
            _budget.Add(-released);
            return released;
        }
    }

    /// <summary>Gives memory back when it is told to continue.</summary>
    private sealed class SlowUser(MemoryBudget budget, long held) : IMemoryUser, IDisposable
    {
        private readonly User _user = new(budget, held);

        public ManualResetEventSlim Asked { get; } = new();

        public ManualResetEventSlim Continue { get; } = new();

        public long Release(long wanted)
        {
            Asked.Set();
            Continue.Wait(Relay.Deadline);
            return _user.Release(wanted);
        }

        public void Dispose()
        {
            Asked.Dispose();
            Continue.Dispose();
        }
    }
}
