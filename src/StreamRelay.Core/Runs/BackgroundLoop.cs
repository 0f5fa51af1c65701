namespace StreamRelay.Runs;

/// <summary>Work that goes on from the start of the server to its stop.</summary>
public abstract class BackgroundLoop : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Starts the work.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = RunAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    /// <summary>Stops the work; waits for a step that has begun.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Works until it is cancelled.</summary>
    protected abstract Task RunAsync(CancellationToken stopping);
}
