using System.Threading.Channels;

namespace StreamRelay.Streams;

/// <summary>The queue between an agent and its log, bounded in events and in bytes. Many writers, one reader.</summary>
/// <param name="capacity">The most items.</param>
/// <param name="maxBytes">The most bytes; one event is always accepted.</param>
/// <param name="memory">Counts the bytes, in steps: what a fast log leaves waiting for a moment is less than one.</param>
internal sealed class Inbox(int capacity, int maxBytes, MemoryBudget memory)
{
    private const int StepBits = 16;

    private readonly Channel<InboxItem> _channel = Channel.CreateBounded<InboxItem>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private long _bytes;
    private long _steps;
    private TaskCompletionSource? _room;

    /// <summary>Adds an item unless the inbox is full or closed.</summary>
    public bool TryWrite(InboxItem item)
    {
        var size = item.Event?.Cost ?? 0;
        if (!TryReserve(size))
            return false;
        if (!_channel.Writer.TryWrite(item))
        {
            Interlocked.Add(ref _bytes, -size);
            return false;
        }

        CountSteps();
        return true;
    }

    /// <summary>Completes when an item is removed after this call. Call it before <see cref="TryWrite"/>, so that no removal is missed.</summary>
    public Task RoomAsync()
    {
        var room = Volatile.Read(ref _room);
        if (room is not null)
            return room.Task;

        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _room, mine, null) ?? mine).Task;
    }

    /// <summary>Accepts no more items. Items in the inbox can still be read.</summary>
    public void Close()
    {
        _channel.Writer.TryComplete();
        Signal();
    }

    /// <summary>Waits for an item.</summary>
    /// <returns><see langword="false"/> when the inbox is closed and empty.</returns>
    public ValueTask<bool> WaitToReadAsync() => _channel.Reader.WaitToReadAsync(CancellationToken.None);

    /// <summary>Reads the next item without removing it.</summary>
    public bool TryPeek(out InboxItem item) => _channel.Reader.TryPeek(out item);

    /// <summary>Removes the next item.</summary>
    public bool TryRead(out InboxItem item)
    {
        if (!_channel.Reader.TryRead(out item))
            return false;

        Interlocked.Add(ref _bytes, -(item.Event?.Cost ?? 0));
        CountSteps();
        return true;
    }

    /// <summary>Wakes the writers that wait for room.</summary>
    public void Signal() => Interlocked.Exchange(ref _room, null)?.TrySetResult();

    private bool TryReserve(int size)
    {
        // Where the memory is used up, one event at a time is accepted, so that every task goes on.
        var bytes = Volatile.Read(ref _bytes);
        while (bytes == 0 || (bytes + size <= maxBytes && !memory.IsExceeded))
        {
            var seen = Interlocked.CompareExchange(ref _bytes, bytes + size, bytes);
            if (seen == bytes)
                return true;

            bytes = seen;
        }

        return false;
    }

    private void CountSteps()
    {
        // Repeated until it has counted the bytes there are, because another thread may change them in between.
        for (long steps; (steps = Volatile.Read(ref _bytes) >> StepBits) != Volatile.Read(ref _steps);)
            memory.Add((steps - Interlocked.Exchange(ref _steps, steps)) << StepBits);
    }
}
