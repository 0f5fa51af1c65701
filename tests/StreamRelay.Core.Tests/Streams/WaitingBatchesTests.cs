using StreamRelay.Events;

namespace StreamRelay.Streams;

public sealed class WaitingBatchesTests
{
    private readonly WaitingBatches _batches = new();

    [Fact]
    public void Batches_are_taken_in_their_order_until_none_waits()
    {
        Assert.False(_batches.TryTake(out _));
        Assert.True(_batches.TryAdd(Batch(1, 1)));
        Assert.True(_batches.TryAdd(Batch(2, 1)));
        Assert.Equal([1L, 2L], [Take(), Take()]);
        Assert.False(_batches.TryTake(out _));
    }

    [Fact]
    public void No_more_than_64_batches_wait()
    {
        Assert.All(Enumerable.Range(1, 64), offset => Assert.True(_batches.TryAdd(Batch(offset, 1))));
        Assert.False(_batches.TryAdd(Batch(65, 1)));
        Take();
        Assert.True(_batches.TryAdd(Batch(65, 1)));
    }

    [Fact]
    public void A_batch_of_any_size_is_accepted_and_none_after_256_KiB()
    {
        Assert.True(_batches.TryAdd(Batch(1, 1 << 20)));
        Assert.False(_batches.TryAdd(Batch(2, 1)));
        Take();
        Assert.True(_batches.TryAdd(Batch(2, 1)));
    }

    private static ReadOnlyMemory<StreamEntry> Batch(long offset, int bytes) =>
        new StreamEntry[] { new(offset, DateTimeOffset.UnixEpoch, new(StreamEventKind.Output, new byte[bytes])) };

    private long Take()
    {
        Assert.True(_batches.TryTake(out var batch));
        return batch.Span[0].Offset;
    }
}
