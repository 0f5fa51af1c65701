using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Renews this node's lease, and checks what the other nodes have changed about its tasks.</summary>
internal sealed class NodeLease(ClusterNode node, Func<IReadOnlyCollection<WorkItem>> getHeld)
{
    private const int ChecksBetweenOffers = 6;

    private volatile bool _hasLapsed;

    /// <summary>Renews the lease three times in its duration, until <paramref name="stopping"/> is cancelled.</summary>
    public async Task RenewAsync(CancellationToken stopping)
    {
        var time = node.Stores.Time;
        using var timer = new PeriodicTimer(node.Work.Lease / 3, time);
        for (var renewed = time.GetTimestamp(); await WaitAsync(timer, stopping);)
        {
            // Other nodes may have taken over the tasks of a node that did not renew for a whole lease.
            _hasLapsed |= time.GetElapsedTime(renewed) >= node.Work.Lease;
            if (await node.TryAsync(() => node.Work.RenewAsync(getHeld(), stopping)))
                renewed = time.GetTimestamp();
        }
    }

    /// <summary>Reads the records, until <paramref name="stopping"/> is cancelled. Separate from renewing: an outage of the record store must not end the lease.</summary>
    public async Task CheckAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(node.Work.Lease / 3, node.Stores.Time);
        for (var tick = 1; await WaitAsync(timer, stopping); tick++)
        {
            if (_hasLapsed && await node.TryAsync(() => InterruptTakenOverAsync(stopping)))
                _hasLapsed = false;

            await node.TryAsync(() => StopRequestedAsync(stopping));
            if (tick % ChecksBetweenOffers == 0)
                await node.TryAsync(() => OfferMissingAsync(stopping));
        }
    }

    /// <summary>Interrupts the runs here whose task another node has taken over.</summary>
    private async ValueTask InterruptTakenOverAsync(CancellationToken cancellationToken)
    {
        foreach (var run in node.Runs.All)
        {
            if ((await node.Stores.Tasks.FindAsync(run.Record.Id, cancellationToken))?.Epoch != run.Record.Epoch)
                run.Interrupt(RunInterruption.TakenOver);
        }
    }

    /// <summary>Stops the runs here that are to be stopped, also those whose signal was lost.</summary>
    private async ValueTask StopRequestedAsync(CancellationToken cancellationToken)
    {
        if (node.Runs.All.Count == 0)
            return;

        foreach (var task in await node.Stores.Tasks.ListAsync(new() { State = TaskState.Running, StopRequested = true, Limit = int.MaxValue }, cancellationToken))
            _ = node.Runs.StopAsync(task.Id, CancellationToken.None);
    }

    /// <summary>Offers tasks that the queue has lost, or whose node ended before it could offer them. Newer tasks may be about to be offered.</summary>
    private async ValueTask OfferMissingAsync(CancellationToken cancellationToken)
    {
        var before = node.Stores.Time.GetUtcNow() - (2 * node.Work.Lease);
        var queued = await node.Stores.Tasks.ListAsync(new() { State = TaskState.Queued, Limit = int.MaxValue }, cancellationToken);
        var running = await node.Stores.Tasks.ListAsync(new() { State = TaskState.Running, Limit = int.MaxValue }, cancellationToken);
        await node.Work.OfferMissingAsync([.. queued.Concat(running).Where(task => task.Request.CreatedAt < before).Select(task => task.Id)], cancellationToken);
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
