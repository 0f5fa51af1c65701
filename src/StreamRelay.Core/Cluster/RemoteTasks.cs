using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Follows tasks that run on another node.</summary>
internal sealed class RemoteTasks(StreamManager streams, ITaskStore tasks, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the task's record says that it has ended; returns at once when it does, or there is none.</summary>
    public async Task WhenEndedAsync(TaskId task, CancellationToken cancellationToken)
    {
        var pause = ShortestPause;
        while (await tasks.FindAsync(task, cancellationToken) is { IsEnded: false } record)
        {
            if (!await WhenCompletedAsync(record, cancellationToken))
                pause = LongestPause;

            // The record follows the log, in a moment when its node lives.
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Waits until the tasks that came before in the same conversation have ended.</summary>
    public async Task WhenEarlierEndedAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        if (request.SessionId is not { } session)
            return;

        foreach (var earlier in await tasks.ListAsync(new() { Owner = request.Owner, SessionId = session, Before = request.Id }, cancellationToken))
            await WhenEndedAsync(earlier.Id, cancellationToken);
    }

    /// <summary>Notes on the record that the task is to be stopped.</summary>
    /// <returns>The task as it is then, or <see langword="null"/> when there is none.</returns>
    public async ValueTask<TaskRecord?> MarkStoppedAsync(TaskId task, CancellationToken cancellationToken)
    {
        while (await tasks.FindAsync(task, cancellationToken) is { } record)
        {
            if (record.IsEnded || record.StopRequested)
                return record;

            var marked = record with { StopRequested = true };
            if (await tasks.TryUpdateAsync(marked, cancellationToken))
                return marked with { Version = marked.Version + 1 };
        }

        return null;
    }

    /// <returns>Whether the terminal event was seen.</returns>
    private async Task<bool> WhenCompletedAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        try
        {
            using var cursor = streams.Read(task.Id, Math.Max(0, await streams.Heads.GetAsync(task, cancellationToken) - 1));
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
