using StreamRelay.Agents;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Decides which offered tasks this node may claim, and claims them.</summary>
internal sealed class WorkClaims(ClusterNode node, RemoteTasks remote)
{
    // While nodes with new agents are added, tasks of an unknown agent are left to the other nodes for so many leases.
    private const int UnknownAgentLeases = 20;

    /// <summary>Finds the task of an item that this node may claim.</summary>
    /// <returns><see langword="null"/> when the task has ended, does not exist, or is another node's.</returns>
    public async ValueTask<TaskRecord?> FindAsync(WorkItem item, CancellationToken cancellationToken) =>
        await node.Stores.Tasks.FindAsync(item.Task, cancellationToken) is { IsEnded: false } record
        && !IsForOtherNodes(record) && !await RunsElsewhereAsync(record, item, cancellationToken)
            ? record
            : null;

    /// <summary>The earlier tasks of a task's conversation that have not ended, where the task has to wait for them.</summary>
    public async ValueTask<IReadOnlyList<TaskRecord>> FindEarlierAsync(TaskRequest request, CancellationToken cancellationToken) =>
        request.SessionId is not null && node.Runs.Agents.Find(request.Agent)?.Options.DoubleText is DoubleText.Enqueue
            ? [.. (await remote.ListEarlierAsync(request, cancellationToken)).Where(static task => !task.IsEnded)]
            : [];

    /// <summary>Waits until tasks have ended, wherever they run.</summary>
    public async Task WhenEndedAsync(IReadOnlyList<TaskRecord> tasks, CancellationToken cancellationToken)
    {
        foreach (var task in tasks)
            await remote.WhenEndedAsync(task.Id, cancellationToken);
    }

    /// <summary>Claims a task and launches its run.</summary>
    /// <returns>The run of this node; <see langword="null"/> when the task has ended, or another node was first.</returns>
    public async ValueTask<TaskRun?> ClaimAsync(TaskRecord record) =>
        node.Runs.Find(record.Id) ?? await node.Runs.RecoverAsync(record, node.Work.Node, Task.CompletedTask) ?? node.Runs.Find(record.Id);

    /// <summary>Whether the queue can forget a task: it has ended, or was deleted.</summary>
    public async ValueTask<bool> IsDoneAsync(TaskId task) => await node.Stores.Tasks.FindAsync(task, CancellationToken.None) is null or { IsEnded: true };

    private bool IsForOtherNodes(TaskRecord record) => record is { State: TaskState.Queued, StopRequested: false }
        && node.Runs.Agents.Find(record.Request.Agent) is null
        && node.Stores.Time.GetUtcNow() - record.Request.CreatedAt < UnknownAgentLeases * node.Work.Lease;

    private async ValueTask<bool> RunsElsewhereAsync(TaskRecord record, WorkItem item, CancellationToken cancellationToken) =>
        record.State == TaskState.Running && record.Node is { } other && other != node.Work.Node
        && (!item.IsAbandoned || await node.Work.IsAliveAsync(other, cancellationToken));
}
