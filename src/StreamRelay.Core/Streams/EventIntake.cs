using StreamRelay.Events;
using StreamRelay.Logs;

namespace StreamRelay.Streams;

/// <summary>Accepts events into a stream's inbox, within the limits of the options. Safe to use from any thread.</summary>
internal sealed class EventIntake(TaskStream stream, Inbox inbox, IEventLogWriter writer, StreamTotals totals, StreamOptions options, TimeProvider time)
{
    private readonly TaskCompletionSource _limitReached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EventPace _pace = new(options.MaxEventsPerSecond, time);
    private volatile bool _outputClosed;

    /// <summary>Completes when the task has exceeded <see cref="StreamOptions.MaxTaskBytes"/>.</summary>
    public Task LimitReached => _limitReached.Task;

    /// <summary>Accepts no more events but usage.</summary>
    public void CloseOutput() => _outputClosed = true;

    /// <inheritdoc cref="TaskStream.PublishAsync"/>
    public ValueTask PublishAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        if (streamEvent.Size > options.MaxEventBytes)
            return PublishLargeAsync(streamEvent, cancellationToken);

        return FindRefusal(streamEvent) is { } failure ? throw new PublishException(failure, stream.Id)
            : Reserve(streamEvent, TimeSpan.MaxValue) is { Ticks: > 0 } pause ? PauseAndWriteAsync(pause, streamEvent, cancellationToken)
            : TryWrite(streamEvent) ? ValueTask.CompletedTask
            : WaitAndWriteAsync(streamEvent, cancellationToken);
    }

    /// <inheritdoc cref="TaskStream.TryPublish"/>
    public bool TryPublish(StreamEvent streamEvent) =>
        streamEvent.Size <= options.MaxEventBytes && FindRefusal(streamEvent) is null && Reserve(streamEvent, TimeSpan.Zero) is not null && TryWrite(streamEvent);

    /// <summary>Counts an event that another writer has appended to the log.</summary>
    public void AddAppended(StreamEvent streamEvent)
    {
        totals.Add(streamEvent);
        if (totals.Cost > options.MaxTaskBytes)
            _limitReached.TrySetResult();
    }

    /// <summary>Usage comes before the end of a task, which must not be late.</summary>
    private TimeSpan? Reserve(StreamEvent streamEvent, TimeSpan longest) =>
        streamEvent.Kind is StreamEventKind.Usage ? TimeSpan.Zero : _pace.Reserve(1, longest);

    private async ValueTask PauseAndWriteAsync(TimeSpan pause, StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        await Task.Delay(pause, time, cancellationToken);
        if (FindRefusal(streamEvent) is { } failure)
            throw new PublishException(failure, stream.Id);
        if (!TryWrite(streamEvent))
            await WaitAndWriteAsync(streamEvent, cancellationToken);
    }

    private async ValueTask WaitAndWriteAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); !await TryWaitAndWriteAsync(streamEvent, cancellationToken);)
        {
            // During an outage of the store the inbox is full because nothing can be appended, not because the agent is too fast.
            if (!writer.IsWaiting)
                throw new PublishException(PublishFailure.Full, stream.Id);
            if (time.GetElapsedTime(began) >= options.StoreOutage)
                throw new PublishException(PublishFailure.Storage, stream.Id);
        }
    }

    private async ValueTask<bool> TryWaitAndWriteAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.PublishTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            while (true)
            {
                var room = inbox.RoomAsync();
                if (TryWrite(streamEvent))
                    return true;
                if (FindRefusal(streamEvent) is { } failure)
                    throw new PublishException(failure, stream.Id);

                await room.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async ValueTask PublishLargeAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        foreach (var piece in EventSplitter.Split(streamEvent, options.MaxEventBytes) ?? throw new PublishException(PublishFailure.TooLarge, stream.Id))
            await PublishAsync(piece, cancellationToken);
    }

    private PublishFailure? FindRefusal(StreamEvent streamEvent)
    {
        if (stream.Live.Failure is { } failed)
            return TaskStream.ToPublishFailure(failed);
        if (stream.Terminal is not null || stream.Live.HasEnded)
            return PublishFailure.Closed;
        if (streamEvent.Kind is StreamEventKind.Usage)
            return null;
        if (_limitReached.Task.IsCompleted)
            return PublishFailure.OutputLimit;
        if (_outputClosed)
            return PublishFailure.Closed;
        if (totals.Cost + streamEvent.Cost <= options.MaxTaskBytes)
            return null;

        _limitReached.TrySetResult();
        return PublishFailure.OutputLimit;
    }

    private bool TryWrite(StreamEvent streamEvent)
    {
        if (!inbox.TryWrite(new(streamEvent, null)))
            return false;

        totals.Add(streamEvent);
        return true;
    }
}
