using System.Threading.Channels;

namespace StreamRelay.Streams;

/// <summary>The queue between an agent and its log, bounded in events and in bytes. Many writers, one reader.</summary>
internal sealed class Inbox(int capacity, int maxBytes)
{
    private readonly Channel<InboxItem> _channel = Channel.CreateBounded<InboxItem>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private long _bytes;
    private TaskCompletionSource? _room;

    /// <summary>Adds an item unless the inbox is full or closed.</summary>
    public bool TryWrite(InboxItem item)
    {
        var size = item.Event?.Size ?? 0;
        if (!TryReserve(size))
            return false;
        if (_channel.Writer.TryWrite(item))
            return true;

        Interlocked.Add(ref _bytes, -size);
        return false;
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

        Interlocked.Add(ref _bytes, -(item.Event?.Size ?? 0));
        return true;
    }

    /// <summary>Wakes the writers that wait for room.</summary>
    public void Signal() => Interlocked.Exchange(ref _room, null)?.TrySetResult();

    private bool TryReserve(int size)
    {
        var bytes = Volatile.Read(ref _bytes);
        while (bytes == 0 || bytes + size <= maxBytes)
        {
            var seen = Interlocked.CompareExchange(ref _bytes, bytes + size, bytes);
            if (seen == bytes)
                return true;

            bytes = seen;
        }

        return false;
    }
}
