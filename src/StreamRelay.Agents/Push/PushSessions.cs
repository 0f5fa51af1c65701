using System.Collections.Concurrent;
using StreamRelay.Storage;

namespace StreamRelay.Agents.Push;

/// <summary>The running tasks that take events from outside.</summary>
public sealed class PushSessions(IEventLog log)
{
    private const int PageEntries = 1024;

    private readonly ConcurrentDictionary<TaskId, TaskCompletionSource<PushSession>> _sessions = new();

    /// <summary>The task's session, as soon as its runner runs; a task that was just started may take a moment.</summary>
    /// <param name="task">The task.</param>
    /// <param name="ended">Its end: there is no session after it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="null"/> when the task ended first.</returns>
    /// <exception cref="OperationCanceledException">It does not run in time: it waits for a free place.</exception>
    public async ValueTask<PushSession?> FindAsync(TaskId task, Task ended, CancellationToken cancellationToken)
    {
        var slot = Slot(task);
        try
        {
            await Task.WhenAny(slot.Task, ended).WaitAsync(cancellationToken);
            return slot.Task.IsCompleted ? await slot.Task : null;
        }
        finally
        {
            if (!slot.Task.IsCompleted)
                _sessions.TryRemove(new(task, slot));
        }
    }

    /// <summary>What would become of events of a producer, for a task that has ended.</summary>
    public async ValueTask<PushResult> JudgeAsync(TaskId task, Producer? first, int count, CancellationToken cancellationToken)
    {
        if (first is not { } producer)
            return new(PushVerdict.Ended, 0, 0, null);

        var states = await ProducerStates.ReadAsync(ReadAsync(task), cancellationToken);
        return states.Judge(producer.Next(count - 1)) is PushVerdict.Duplicate
            ? new(PushVerdict.Duplicate, 0, count, states.Find(producer.Id))
            : new(PushVerdict.Ended, 0, 0, states.Find(producer.Id));
    }

    internal async ValueTask<PushSession> OpenAsync(AgentContext context, TimeSpan idleTimeout, CancellationToken cancellationToken)
    {
        var session = new PushSession(context, await ProducerStates.ReadAsync(context.HistoryAsync(cancellationToken), cancellationToken), idleTimeout);
        Slot(context.Request.Id).TrySetResult(session);
        return session;
    }

    internal void Close(TaskId task) => _sessions.TryRemove(task, out _);

    private TaskCompletionSource<PushSession> Slot(TaskId task) =>
        _sessions.GetOrAdd(task, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async IAsyncEnumerable<StreamEntry> ReadAsync(TaskId task)
    {
        long offset = 0;
        while (await log.ReadAsync(task, offset, PageEntries, CancellationToken.None) is { IsEmpty: false } page)
        {
            foreach (var entry in page.ToArray())
                yield return entry;

            offset = page.Span[^1].Offset;
        }
    }
}
