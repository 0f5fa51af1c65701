namespace StreamRelay.Redis.Connection;

/// <summary>Counts connections, and completes the tasks that wait for the next one.</summary>
internal sealed class ConnectionGeneration
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _current;

    public long Current => Volatile.Read(ref _current);

    public void Advance()
    {
        lock (_lock)
        {
            _current++;
            _next.SetResult();
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Completes when <see cref="Current"/> is higher than <paramref name="after"/>.</summary>
    public Task WhenAsync(long after, CancellationToken cancellationToken)
    {
        lock (_lock)
            return _current > after ? Task.CompletedTask : WaitAsync(_next.Task, after, cancellationToken);
    }

    private async Task WaitAsync(Task next, long after, CancellationToken cancellationToken)
    {
        await next.WaitAsync(cancellationToken);
        await WhenAsync(after, cancellationToken);
    }
}
