using System.Collections.Concurrent;

namespace StreamRelay.Redis.Resp;

/// <summary>One connection from its first command to its end: a loop that sends what is queued, and one that hands out the replies in order.</summary>
internal sealed class RespLink(RespTransport transport, RespInput input, RespQueue queue, Action<RespValue>? pushed, TimeProvider time)
{
    private readonly ConcurrentQueue<RespRequest> _inFlight = new();
    private readonly RespOutput _output = new(transport.Stream, time);
    // The oldest of them, while the server answers it. A queue that is peeked into for each reply does not use its memory again.
    private volatile RespRequest? _answering;
    private long _heardAt = time.GetTimestamp();
    private volatile Exception? _end;

    public bool IsOver => _end is not null;

    /// <summary>Runs until the connection is lost. Afterwards nothing is in flight any more: all of it has failed.</summary>
    /// <returns>Why it was lost.</returns>
    public async Task<Exception> RunAsync(string name, long generation)
    {
        await Task.WhenAll(UntilEndAsync(ReceiveAsync), UntilEndAsync(() => SendAsync(name, generation)));
        transport.Dispose();
        while ((_answering ?? Next()) is { } request)
        {
            _answering = null;
            request.Fail(new RespConnectionLostException($"The connection to {name} was lost and the effect of {request.First.Name} is unknown: {_end!.Message}", _end));
        }

        return _end!;
    }

    /// <summary>Ends it, if it has not ended yet.</summary>
    public void Abort(Exception reason)
    {
        if (Interlocked.CompareExchange(ref _end, reason, null) is not null)
            return;

        transport.Abort();
        queue.Wake();
    }

    /// <summary>Closes it when it was never run.</summary>
    public void Discard() => transport.Dispose();

    /// <summary>Whether a reply should have come by now.</summary>
    public bool IsOverdue(TimeSpan timeout) =>
        (_answering ?? (_inFlight.TryPeek(out var first) ? first : null)) is { } oldest
        && time.GetElapsedTime(Math.Max(oldest.SentAt, Volatile.Read(ref _heardAt))) > timeout + oldest.Block;

    /// <summary>Whether nothing was asked and nothing heard for that long.</summary>
    public bool IsIdle(TimeSpan period) =>
        _answering is null && _inFlight.IsEmpty && queue.IsEmpty && time.GetElapsedTime(Volatile.Read(ref _heardAt)) > period;

    private async Task UntilEndAsync(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (Exception exception)
        {
            Abort(exception);
        }
    }

    private async Task SendAsync(string name, long generation)
    {
        while (_end is null)
        {
            var rung = queue.ListenAsync();
            if (_end is not null || !queue.IsEmpty)
                queue.Wake();
            await rung;
            while (_end is null && queue.TryTake(out var request))
            {
                if (request.Generation is { } only && only != generation)
                {
                    request.Fail(new RespUnavailableException($"The connection to {name} is another one now.", null));
                    continue;
                }

                request.SentAt = time.GetTimestamp();
                _inFlight.Enqueue(request);
                await _output.WriteAsync(request);
            }

            await _output.FlushAsync();
        }
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            while (input.TryRead(out var value))
                HandOut(value);

            await input.FillAsync(CancellationToken.None);
            Volatile.Write(ref _heardAt, time.GetTimestamp());
        }
    }

    private void HandOut(in RespValue value)
    {
        if (value.Kind == RespKind.Push && !RespSubscriptionRequest.IsConfirmation(value))
            pushed?.Invoke(value);
        else if ((_answering ??= Next()) is not { } request)
            throw new RespProtocolException("Redis sent a reply to nothing.");
        else if (request.Accept(value))
            Complete(request);

        // It was the primary when it was connected to; another one is now.
        if (value.Kind == RespKind.Error && value.Refusal().Code == "READONLY")
            Abort(new RespUnavailableException("It is a read-only replica now.", null));
    }

    private void Complete(RespRequest request)
    {
        _answering = null;
        request.Complete();
    }

    private RespRequest? Next() => _inFlight.TryDequeue(out var request) ? request : null;
}
