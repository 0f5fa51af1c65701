namespace StreamRelay.Cluster;

/// <summary>The permit with which a node took a task from the queue. It lasts until the task has ended here, and is given back while the task has to wait for others.</summary>
internal sealed class WorkPermit(SemaphoreSlim permits)
{
    private Task _taken = Task.CompletedTask;

    /// <summary>Gives the permit to a task that can run.</summary>
    public void GiveBack() => permits.Release();

    /// <summary>Takes the permit again when one is free. The task does not wait for it: a task that has the permit may wait for the slot of this one.</summary>
    public void TakeAgain(CancellationToken stopping) => _taken = permits.WaitAsync(stopping);

    /// <summary>Ends the permit.</summary>
    public async Task EndAsync()
    {
        await _taken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_taken.IsCompletedSuccessfully)
            permits.Release();
    }
}
