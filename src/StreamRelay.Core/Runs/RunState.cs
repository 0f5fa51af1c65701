namespace StreamRelay.Runs;

/// <summary>The state of a run: its phase, and what interrupted it. All transitions happen under one lock. Safe to use from any thread.</summary>
internal sealed class RunState
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    private RunPhase _phase;
    private RunInterruption? _interruption;
    private bool _isShuttingDown;

    /// <summary>The phase now.</summary>
    public RunPhase Phase
    {
        get
        {
            lock (_lock)
                return _phase;
        }
    }

    /// <summary>The first reason for which the run was interrupted, or <see langword="null"/>.</summary>
    public RunInterruption? Interruption
    {
        get
        {
            lock (_lock)
                return _interruption;
        }
    }

    /// <summary>Whether the server shuts down, whatever interrupted the run first.</summary>
    public bool IsShuttingDown
    {
        get
        {
            lock (_lock)
                return _isShuttingDown;
        }
    }

    /// <summary>Enters a phase; has no effect when the run is in it or past it.</summary>
    public void Enter(RunPhase phase)
    {
        lock (_lock)
        {
            if (phase <= _phase)
                return;

            _phase = phase;
            Signal();
        }
    }

    /// <summary>Interrupts the run. The first reason counts.</summary>
    public void Interrupt(RunInterruption reason)
    {
        lock (_lock)
        {
            _interruption ??= reason;
            _isShuttingDown |= reason is RunInterruption.Shutdown;
            Signal();
        }
    }

    /// <summary>Completes when the run has reached a phase.</summary>
    public Task WhenAsync(RunPhase phase) => WhenAsync(state => state._phase >= phase);

    /// <summary>Completes when the run is interrupted.</summary>
    public Task WhenInterruptedAsync() => WhenAsync(static state => state._interruption is not null);

    /// <summary>Completes when the server shuts down.</summary>
    public Task WhenShuttingDownAsync() => WhenAsync(static state => state._isShuttingDown);

    private async Task WhenAsync(Func<RunState, bool> condition)
    {
        while (NextChange(condition) is { } changed)
            await changed;
    }

    private Task? NextChange(Func<RunState, bool> condition)
    {
        lock (_lock)
            return condition(this) ? null : _changed.Task;
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
