using Microsoft.Extensions.Time.Testing;
using StreamRelay.Limits;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.TestSupport;

namespace StreamRelay.Cluster;

/// <summary>A task that needs a slot of its node and one of all nodes.</summary>
public sealed class TaskSlotsTests
{
    private static readonly StreamOptions TwoOfAnOwner = new() { MaxRunningTasksPerOwner = 2 };

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryCounts _counts = new();

    [Fact]
    public async Task A_task_that_waits_for_its_node_holds_no_slot_that_another_node_could_use()
    {
        var slots = Create(out _, maxConcurrent: 1);
        var running = SlotSetup.Request();
        Assert.True(await slots.TryEnterAsync(running));
        var waiting = slots.EnterAsync(SlotSetup.Request(), SlotSetup.Never).AsTask();

        Assert.True(slots.HasWaiting);
        Assert.Equal(1, _counts.Sum);

        slots.Leave(running);
        Assert.True(await waiting.WaitAsync(Relay.Deadline));
        Assert.Equal(1, _counts.Sum);
    }

    [Fact]
    public async Task A_task_that_waits_for_other_nodes_holds_no_slot_of_its_node()
    {
        var slots = Create(out var local);
        LimitScope[] elsewhere = [new("running_tasks", LimitScope.OfOwner, "ann", 2)];
        Assert.Null(await _counts.EnterAsync(elsewhere));
        Assert.Null(await _counts.EnterAsync(elsewhere));
        var task = SlotSetup.Request();

        Assert.False(await slots.TryEnterAsync(task));
        var waiting = slots.EnterAsync(task, SlotSetup.Never).AsTask();
        Assert.Equal(0, local.CountAgent("agent"));

        _counts.Leave(elsewhere);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await waiting.WaitAsync(Relay.Deadline));
        Assert.Equal(1, local.CountAgent("agent"));
    }

    [Fact]
    public async Task A_task_that_another_node_was_faster_than_waits_again_for_both_slots()
    {
        var slots = Create(out var local, maxConcurrent: 1);
        LimitScope[] elsewhere = [new("running_tasks", LimitScope.OfOwner, "ann", 2)];
        var running = SlotSetup.Request();
        Assert.True(await slots.TryEnterAsync(running));
        var waiting = slots.EnterAsync(SlotSetup.Request(), SlotSetup.Never).AsTask();
        Assert.Null(await _counts.EnterAsync(elsewhere));

        local.Leave(running);
        await _counts.FirstRefused.WaitAsync(Relay.Deadline);
        await Wait.UntilAsync(() => Task.FromResult(local.CountAgent("agent") == 0), Relay.Deadline, "the slot of the node is free again");

        _counts.Leave(elsewhere);
        await Wait.UntilAsync(() => IsEnteredAsync(waiting), Relay.Deadline, "both slots are taken");
    }

    private Task<bool> IsEnteredAsync(Task<bool> waiting)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return waiting.IsCompleted ? waiting : Task.FromResult(false);
    }

    private TaskSlots Create(out RunSlots local, int maxConcurrent = 0)
    {
        var limits = SlotSetup.Limits(TwoOfAnOwner, maxConcurrent);
        return new(local = new(limits), new(_counts, limits, _time));
    }
}
