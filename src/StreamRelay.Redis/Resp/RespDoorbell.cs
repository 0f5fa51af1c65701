using System.Threading.Tasks.Sources;

namespace StreamRelay.Redis.Resp;

/// <summary>Wakes the one who waits. Rings that nobody waits for are forgotten, so the waiter looks again between listening and waiting.</summary>
internal sealed class RespDoorbell : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _rung = new() { RunContinuationsAsynchronously = true };
    private int _isListening;

    /// <summary>Every ring from now on completes what is returned, which must be awaited.</summary>
    public ValueTask ListenAsync()
    {
        _rung.Reset();
        Interlocked.Exchange(ref _isListening, 1);
        return new(this, _rung.Version);
    }

    public void Ring()
    {
        if (Interlocked.Exchange(ref _isListening, 0) == 1)
            _rung.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _rung.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _rung.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _rung.OnCompleted(continuation, state, token, flags);
}
