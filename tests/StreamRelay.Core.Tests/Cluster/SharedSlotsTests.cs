using Microsoft.Extensions.Time.Testing;
using StreamRelay.Limits;
using StreamRelay.TestSupport;

namespace StreamRelay.Cluster;

/// <summary>The slots that all nodes share: who gets one, and who gives up.</summary>
public sealed class SharedSlotsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryCounts _counts = new();

    [Fact]
    public async Task A_task_that_has_a_slot_takes_no_second_one_and_leaves_once()
    {
        var (slots, task) = (Create(limit: 2), SlotSetup.Request());

        Assert.True(await slots.TryEnterAsync(task));
        Assert.True(await slots.TryEnterAsync(task));
        Assert.Equal(1, _counts.Sum);

        slots.Leave(task.Id);
        slots.Leave(task.Id);
        Assert.Equal(0, _counts.Sum);
    }

    [Fact]
    public async Task A_task_without_a_limit_needs_no_slot()
    {
        var slots = new SharedSlots(_counts, SlotSetup.Limits(new()), _time);

        Assert.True(await slots.TryEnterAsync(SlotSetup.Request()));
        Assert.Equal(0, _counts.Sum);
    }

    [Fact]
    public async Task A_slot_that_becomes_free_on_another_node_goes_to_the_task_that_has_waited_longest()
    {
        var slots = Create(limit: 1);
        LimitScope[] elsewhere = [new("running_tasks", LimitScope.OfOwner, "ann", 1)];
        Assert.Null(await _counts.EnterAsync(elsewhere));
        var first = slots.EnterAsync(SlotSetup.Request(), SlotSetup.Never).AsTask();
        var second = slots.EnterAsync(SlotSetup.Request(), SlotSetup.Never).AsTask();

        Assert.False(first.IsCompleted);
        _counts.Leave(elsewhere);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await first.WaitAsync(Relay.Deadline));
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Tasks_of_one_line_that_give_up_together_take_no_slot_and_fail_in_no_order()
    {
        var slots = Create(limit: 1);
        Assert.True(await slots.TryEnterAsync(SlotSetup.Request()));
        var (slow, stopped) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = slots.EnterAsync(SlotSetup.Request(), slow.Task).AsTask();
        var last = slots.EnterAsync(SlotSetup.Request(), stopped.Task).AsTask();

        stopped.SetResult();
        Assert.False(await last.WaitAsync(Relay.Deadline));
        slow.SetResult();

        Assert.False(await first.WaitAsync(Relay.Deadline));
        Assert.Equal(1, _counts.Sum);
    }

    private SharedSlots Create(int limit) => new(_counts, SlotSetup.Limits(new() { MaxRunningTasksPerOwner = limit }), _time);
}
