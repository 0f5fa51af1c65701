using System.Collections.Concurrent;

namespace StreamRelay.Redis.Resp;

/// <summary>What is still to be sent, in order. It outlives the connections: what one of them did not take, the next one takes.</summary>
internal sealed class RespQueue(TimeProvider time)
{
    private readonly ConcurrentQueue<RespRequest> _requests = new();
    private readonly RespDoorbell _doorbell = new();
    private readonly Lock _taking = new();
    private volatile bool _isClosed;

    public bool IsEmpty => _requests.IsEmpty;

    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public void Add(RespRequest request)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(RespConnection));
        request.QueuedAt = time.GetTimestamp();
        _requests.Enqueue(request);
        if (_isClosed)
            FailAll();
        else
            _doorbell.Ring();
    }

    /// <summary>Takes the next one that somebody still waits for.</summary>
    public bool TryTake(out RespRequest request)
    {
        lock (_taking)
        {
            while (_requests.TryDequeue(out request!))
            {
                if (!request.IsOver)
                    return true;
            }
        }

        return false;
    }

    /// <summary>Fails those that were queued until then and have not been taken.</summary>
    public void Expire(long until, Func<Exception> failure)
    {
        lock (_taking)
        {
            while (_requests.TryPeek(out var request) && request.QueuedAt <= until)
            {
                _requests.TryDequeue(out _);
                request.Fail(failure());
            }
        }
    }

    /// <summary>Completes at the next <see cref="Add"/> or <see cref="Wake"/>. Look for what is there already before awaiting it.</summary>
    public ValueTask ListenAsync() => _doorbell.ListenAsync();

    public void Wake() => _doorbell.Ring();

    /// <summary>Fails what is left, and refuses what comes.</summary>
    public void Close()
    {
        _isClosed = true;
        FailAll();
    }

    private void FailAll() => Expire(long.MaxValue, static () => new RespUnavailableException("The connection to Redis was closed.", null));
}
