using StreamRelay.Agents;
using StreamRelay.Streams;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Runs;

/// <summary>Which task gets a slot that becomes free.</summary>
public sealed class RunSlotsTests
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    [Fact]
    public async Task A_free_slot_goes_to_the_owner_with_the_fewest_running_tasks()
    {
        var slots = Create(new() { MaxRunningTasks = 2, MaxRunningTasksPerOwner = 2 });
        var (first, bob) = (Request("ann"), Request("bob"));
        Assert.True(await slots.EnterAsync(first, Never));
        Assert.True(await slots.EnterAsync(Request("ann"), Never));
        var third = slots.EnterAsync(Request("ann"), Never).AsTask();
        var bobs = slots.EnterAsync(bob, Never).AsTask();

        slots.Leave(first);

        Assert.True(await bobs.WaitAsync(Relay.Deadline));
        Assert.False(third.IsCompleted);
        slots.Leave(bob);
        Assert.True(await third.WaitAsync(Relay.Deadline));
    }

    [Fact]
    public async Task Owners_with_as_many_running_tasks_get_slots_in_the_order_of_their_arrival()
    {
        var slots = Create(new() { MaxRunningTasks = 1 });
        var (first, bob) = (Request("ann"), Request("bob"));
        Assert.True(await slots.EnterAsync(first, Never));
        var bobs = slots.EnterAsync(bob, Never).AsTask();
        var anns = slots.EnterAsync(Request("ann"), Never).AsTask();

        slots.Leave(first);
        Assert.True(await bobs.WaitAsync(Relay.Deadline));
        Assert.False(anns.IsCompleted);

        slots.Leave(bob);
        Assert.True(await anns.WaitAsync(Relay.Deadline));
    }

    [Fact]
    public async Task An_owner_at_its_limit_waits_while_slots_are_free_for_others()
    {
        var slots = Create(new() { MaxRunningTasks = 4 });
        var first = Request("ann");
        Assert.True(await slots.EnterAsync(first, Never));
        Assert.True(await slots.EnterAsync(Request("ann"), Never));
        var third = slots.EnterAsync(Request("ann"), Never).AsTask();

        Assert.False(third.IsCompleted);
        Assert.False(slots.TryEnter(Request("ann")));
        Assert.True(slots.TryEnter(first));
        Assert.True(slots.TryEnter(Request("bob")));
        slots.Leave(first);
        Assert.True(await third.WaitAsync(Relay.Deadline));
    }

    [Fact]
    public async Task An_agent_at_its_limit_waits_and_another_agent_of_the_owner_does_not()
    {
        var slots = Create(new() { MaxRunningTasks = 4, MaxRunningTasksPerOwner = 4 }, new() { MaxConcurrent = 1 });
        var first = Request("ann", "limited");
        Assert.True(await slots.EnterAsync(first, Never));
        var second = slots.EnterAsync(Request("bob", "limited"), Never).AsTask();

        Assert.True(await slots.EnterAsync(Request("bob"), Never));
        Assert.False(second.IsCompleted);
        slots.Leave(first);
        Assert.True(await second.WaitAsync(Relay.Deadline));
    }

    [Fact]
    public async Task A_task_that_gives_up_takes_no_slot_and_stands_in_nobodys_way()
    {
        var slots = Create(new() { MaxRunningTasks = 1 });
        var first = Request("ann");
        Assert.True(await slots.EnterAsync(first, Never));
        var stopped = new TaskCompletionSource();
        var second = slots.EnterAsync(Request("bob"), stopped.Task).AsTask();
        var third = slots.EnterAsync(Request("bob"), Never).AsTask();

        stopped.SetResult();
        Assert.False(await second.WaitAsync(Relay.Deadline));
        slots.Leave(first);
        Assert.True(await third.WaitAsync(Relay.Deadline));
    }

    [Fact]
    public async Task A_task_that_has_a_slot_takes_no_second_one()
    {
        var slots = Create(new() { MaxRunningTasks = 2, MaxRunningTasksPerOwner = 2 });
        var first = Request("ann");
        Assert.True(await slots.EnterAsync(first, Never));
        Assert.True(await slots.EnterAsync(first, Never));
        Assert.True(await slots.EnterAsync(Request("ann"), Never));

        slots.Leave(first);
        slots.Leave(first);
        Assert.True(await slots.EnterAsync(Request("ann"), Never));
        Assert.False(slots.EnterAsync(Request("ann"), Never).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_start_is_refused_when_as_many_tasks_of_the_owner_wait_as_may_and_another_owners_is_not()
    {
        var hold = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync((_, _) => hold.Task, new() { MaxRunningTasks = 2, MaxQueuedTasksPerOwner = 2 });
        List<TaskRecord> started = [];
        for (var count = 0; count < 3; count++)
            started.Add(await relay.RunAsync());

        var refusal = await Assert.ThrowsAsync<TaskLimitException>(() => relay.RunAsync());
        Assert.Contains("StreamRelay:Streams:MaxQueuedTasksPerOwner", refusal.Message, StringComparison.Ordinal);
        started.Add(await relay.RunAsync(request: relay.Request("you")));
        hold.SetResult();
        await Task.WhenAll(started.Select(relay.EndAsync));
        await relay.EndAsync(await relay.RunAsync());
    }

    private static RunSlots Create(StreamOptions options, AgentOptions? limited = null) => new(new(options, new(
        [new("agent", new DelegateRunner((_, _) => Never), new()), new("limited", new DelegateRunner((_, _) => Never), limited ?? new())])));

    private static TaskRequest Request(string owner, string agent = "agent") =>
        new() { Id = TaskId.New(TimeProvider.System), Agent = agent, Owner = owner, CreatedAt = default };
}
