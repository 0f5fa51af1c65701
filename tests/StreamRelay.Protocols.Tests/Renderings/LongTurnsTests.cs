using StreamRelay.TestSupport;

namespace StreamRelay.Protocols.Renderings;

public sealed class LongTurnsTests
{
    [Fact]
    public async Task Other_work_of_the_pool_waits_for_the_long_turns_that_run_and_not_for_those_that_wait()
    {
        using var held = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var turns = new LongTurns(1);
        List<int> order = [];
        turns.Add(new Piece(() =>
        {
            begun.SetResult();
            held.Wait();
        }));
        for (var index = 1; index <= 100; index++)
        {
            var number = index;
            turns.Add(new Piece(() =>
            {
                order.Add(number);
                if (number == 100)
                    all.SetResult();
            }));
        }

        await begun.Task.WaitAsync(Relay.Deadline);
        await Task.Run(() => Assert.Empty(order)).WaitAsync(Relay.Deadline);

        held.Set();
        await all.Task.WaitAsync(Relay.Deadline);
        Assert.Equal(Enumerable.Range(1, 100), order);
    }

    private sealed class Piece(Action work) : IThreadPoolWorkItem
    {
        public void Execute() => work();
    }
}
