using System.Collections.Concurrent;
using StreamRelay.Agents;
using StreamRelay.Conversations;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Starts, finds and stops tasks, and waits for them, wherever they run. Safe to use from any thread.</summary>
public sealed class AgentHost(AgentRegistry agents, ITaskStore tasks, LogHeads heads, ITaskScheduler scheduler)
{
    private readonly ConcurrentDictionary<TaskId, TaskCompletionSource> _starting = new();

    /// <summary>Whether the host accepts no more tasks.</summary>
    public bool IsStopping => scheduler.IsStopping;

    /// <summary>Accepts a task. On return its <c>start</c> event is durable and it can be read; its agent runs, or waits for a slot.</summary>
    /// <returns>The task's record, and whether the task is new: with a known idempotency key it is the task that has the key.</returns>
    /// <exception cref="InvalidOperationException">The agent does not exist, or the host is stopping.</exception>
    public async ValueTask<(TaskRecord Task, bool IsNew)> StartTaskAsync(TaskRequest request, TaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var agent = agents.Find(request.Agent)
            ?? throw new InvalidOperationException($"Agent '{request.Agent}' is not registered; call AddAgent<T>() in Program.cs.");
        if (IsStopping)
            throw new InvalidOperationException("The server is shutting down and takes no new tasks.");

        // Added before the record is stored: a request that finds the record waits until the task can be read.
        var started = _starting[request.Id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var record = new TaskRecord { Request = request with { Title = request.Title ?? TaskTitle.From(input) } };
            return await tasks.AddAsync(record, input, cancellationToken) is { } existing
                ? (await WhenReadableAsync(existing, cancellationToken), false)
                : (await scheduler.ScheduleAsync(record, agent, input), true);
        }
        finally
        {
            started.SetResult();
            _starting.TryRemove(request.Id, out _);
        }
    }

    /// <summary>The task that the owner started with this idempotency key, as soon as it can be read, or <see langword="null"/>.</summary>
    public async ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken) =>
        await tasks.FindByKeyAsync(owner, idempotencyKey, cancellationToken) is { } task ? await WhenReadableAsync(task, cancellationToken) : null;

    /// <summary>Stops a task wherever it runs. On return its terminal event is durable; stopping an ended task, or stopping twice, has no effect.</summary>
    /// <returns>The task as it is now, or <see langword="null"/> when it does not exist.</returns>
    public async ValueTask<TaskRecord?> StopTaskAsync(TaskId task, CancellationToken cancellationToken)
    {
        await scheduler.StopTaskAsync(task, cancellationToken);
        return await tasks.FindAsync(task, cancellationToken);
    }

    /// <summary>Waits until a task has ended. Returns at once when it has ended or is unknown.</summary>
    public async Task WaitAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (_starting.TryGetValue(task, out var started))
            await started.Task.WaitAsync(cancellationToken);

        await scheduler.WhenEndedAsync(task, cancellationToken);
    }

    /// <summary>Waits for the record of a task whose terminal event is durable: a client may have read that event before the record was stored.</summary>
    /// <returns>The task, ended when its terminal event is durable; <see langword="null"/> when it was deleted.</returns>
    public async ValueTask<TaskRecord?> SettleAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.IsEnded || !await heads.IsCompletedAsync(task, cancellationToken))
            return task;

        await WaitAsync(task.Id, cancellationToken);
        return await tasks.FindAsync(task.Id, cancellationToken);
    }

    private async ValueTask<TaskRecord> WhenReadableAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        if (_starting.TryGetValue(task.Id, out var started))
            await started.Task.WaitAsync(cancellationToken);
        else
            await scheduler.WhenReadableAsync(task, cancellationToken);

        return task;
    }
}
