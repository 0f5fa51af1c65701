using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.TestSupport;

namespace StreamRelay.Streams;

public sealed class FairLogWriterTests
{
    [Fact]
    public async Task A_large_batch_waits_for_its_turn_and_a_small_batch_does_not()
    {
        var turns = new AppendTurns(1);
        var (first, second, small) = (new HeldWriter(), new HeldWriter(), new HeldWriter());
        var running = new FairLogWriter(first, turns).AppendAsync(Batch(1000), CancellationToken.None).AsTask();
        var fair = new FairLogWriter(second, turns);
        var waiting = fair.AppendAsync(Batch(1000), CancellationToken.None).AsTask();
        _ = new FairLogWriter(small, turns).AppendAsync(Batch(1), CancellationToken.None).AsTask();

        Assert.Equal((1000, 0, 1), (first.Entries, second.Entries, small.Entries));
        Assert.True(fair.IsWaiting);

        first.Held.SetResult();
        second.Held.SetResult();
        await Task.WhenAll(running, waiting).WaitAsync(Relay.Deadline);
        Assert.Equal(1000, second.Entries);
        Assert.False(fair.IsWaiting);
    }

    [Fact]
    public async Task A_batch_that_cannot_be_appended_gives_its_turn_back()
    {
        var turns = new AppendTurns(1);
        var (failing, next) = (new HeldWriter(), new HeldWriter());
        failing.Held.SetException(new IOException("No space left on device"));
        next.Held.SetResult();

        await Assert.ThrowsAsync<IOException>(() => new FairLogWriter(failing, turns).AppendAsync(Batch(1000), CancellationToken.None).AsTask());
        await new FairLogWriter(next, turns).AppendAsync(Batch(1000), CancellationToken.None).AsTask().WaitAsync(Relay.Deadline);
        Assert.Equal(1000, next.Entries);
    }

    [Fact]
    public void A_batch_of_few_large_entries_is_a_large_one()
    {
        var turns = new AppendTurns(1);
        var (first, second) = (new HeldWriter(), new HeldWriter());
        _ = new FairLogWriter(first, turns).AppendAsync(Batch(1, new('x', 100_000)), CancellationToken.None).AsTask();
        _ = new FairLogWriter(second, turns).AppendAsync(Batch(1, new('x', 100_000)), CancellationToken.None).AsTask();
        Assert.Equal((1, 0), (first.Entries, second.Entries));
    }

    private static StreamEntry[] Batch(int count, string text = "text") =>
        [.. Enumerable.Range(1, count).Select(offset => new StreamEntry(offset, DateTimeOffset.UnixEpoch, Relay.Output(text)))];

    private sealed class HeldWriter : IEventLogWriter
    {
        public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Entries { get; private set; }

        public long NextOffset => 1;

        public async ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
        {
            Entries = entries.Length;
            await Held.Task;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
