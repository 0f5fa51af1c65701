namespace StreamRelay.Runs;

/// <summary>Requests a sweep before the next regular one. Safe to use from any thread.</summary>
internal sealed class SweepSignal
{
    private TaskCompletionSource _requested = NewSignal();

    /// <summary>Completes when a sweep has been requested since the last <see cref="Reset"/>.</summary>
    public Task Requested => Volatile.Read(ref _requested).Task;

    /// <summary>Requests a sweep, soon.</summary>
    public void Request() => Volatile.Read(ref _requested).TrySetResult();

    /// <summary>Forgets the requests so far. Call it before a sweep, so that a request that comes while the sweep runs leads to another one.</summary>
    public void Reset() => Volatile.Write(ref _requested, NewSignal());

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
