namespace StreamRelay.Streams;

/// <summary>The stream of one task that has not ended.</summary>
public sealed class TaskStream
{
    /// <summary>Queues an event.</summary>
    public ValueTask PublishAsync(StreamEvent streamEvent, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Queues an event without waiting.</summary>
    public bool TryPublish(StreamEvent streamEvent) => throw new NotSupportedException();

    /// <summary>Waits for durability.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
