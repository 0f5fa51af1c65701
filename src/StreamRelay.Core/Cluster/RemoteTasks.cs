using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Waits for tasks that run on other nodes, and requests that they stop.</summary>
internal sealed class RemoteTasks(RunStores stores, LogHeads heads)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the task's record says that it has ended. Returns at once when it does, or when there is no record.</summary>
    public async Task WhenEndedAsync(TaskId task, CancellationToken cancellationToken)
    {
        var pause = ShortestPause;
        while (await stores.Tasks.FindAsync(task, cancellationToken) is { IsEnded: false } record)
        {
            if (!await WhenCompletedAsync(record, cancellationToken))
                pause = LongestPause;

            // The record follows the terminal event within milliseconds, unless the task's node has ended.
            await Task.Delay(pause, stores.Time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>The earlier tasks of the same conversation.</summary>
    public ValueTask<IReadOnlyList<TaskRecord>> ListEarlierAsync(TaskRequest request, CancellationToken cancellationToken) =>
        stores.Tasks.ListAsync(new() { Owner = request.Owner, SessionId = request.SessionId, Before = request.Id }, cancellationToken);

    /// <summary>Stores that the task is to be stopped, unless it has ended.</summary>
    /// <returns>The task as it is stored, or <see langword="null"/> when it does not exist.</returns>
    public async ValueTask<TaskRecord?> RequestStopAsync(TaskId task, CancellationToken cancellationToken) =>
        await stores.Tasks.FindAsync(task, cancellationToken) is { } known
            ? await stores.Tasks.UpdateAsync(known, current => current.IsEnded || current.StopRequested ? null : current with { StopRequested = true }, cancellationToken)
            : null;

    /// <returns>Whether the terminal event was read.</returns>
    private async Task<bool> WhenCompletedAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        try
        {
            using var cursor = stores.Streams.Read(task.Id, Math.Max(0, await heads.GetAsync(task, cancellationToken) - 1));
            while (!cursor.IsCompleted)
                await cursor.ReadAsync(cancellationToken);

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
