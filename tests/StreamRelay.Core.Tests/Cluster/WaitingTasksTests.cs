using StreamRelay.Runs;
using StreamRelay.TestSupport;

namespace StreamRelay.Cluster;

/// <summary>Tasks that wait for a slot of their node.</summary>
public sealed class WaitingTasksTests
{
    private readonly RunSlots _slots = new(SlotSetup.Limits(new() { MaxRunningTasks = 1 }));
    private readonly WaitingTasks _waiting;

    public WaitingTasksTests() => _waiting = new(_slots);

    [Fact]
    public async Task A_task_that_finds_a_free_slot_does_not_wait()
    {
        Assert.True(await _waiting.EnterAsync(SlotSetup.Request(), SlotSetup.Never));
        Assert.True(_waiting.IsEmpty);
    }

    [Fact]
    public async Task A_task_waits_until_a_slot_is_free()
    {
        var running = SlotSetup.Request();
        Assert.True(_slots.TryEnter(running));
        var next = _waiting.EnterAsync(SlotSetup.Request(), SlotSetup.Never).AsTask();
        Assert.False(_waiting.IsEmpty);

        _slots.Leave(running);

        Assert.True(await next.WaitAsync(Relay.Deadline));
        Assert.True(_waiting.IsEmpty);
    }

    [Fact]
    public async Task At_most_so_many_tasks_as_asked_for_are_handed_over_and_the_others_wait_on()
    {
        var running = SlotSetup.Request();
        Assert.True(_slots.TryEnter(running));
        Task<bool>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => _waiting.EnterAsync(SlotSetup.Request(), SlotSetup.Never).AsTask())];

        _waiting.HandOver(2);
        Assert.False(await await Task.WhenAny(waiting).WaitAsync(Relay.Deadline));
        await Wait.UntilAsync(() => Task.FromResult(waiting.Count(task => task.IsCompleted) == 2), Relay.Deadline, "two tasks are handed over");

        _slots.Leave(running);
        Assert.True((await Task.WhenAll(waiting).WaitAsync(Relay.Deadline)).Count(isEntered => isEntered) == 1);
    }
}
