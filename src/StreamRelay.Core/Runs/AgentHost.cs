using StreamRelay.Agents;
using StreamRelay.Conversations;
using StreamRelay.Limits;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Starts, finds and stops tasks, and waits for them, wherever they run. Safe to use from any thread.</summary>
public sealed class AgentHost(TaskRuns runs, ITaskStore tasks, LogHeads heads, ITaskScheduler scheduler)
{
    /// <summary>Whether the host accepts no more tasks.</summary>
    public bool IsStopping => scheduler.IsStopping;

    /// <summary>Accepts a task. On return its <c>start</c> event is durable and it can be read; its agent runs, or waits for a slot. After an exception nothing runs it.</summary>
    /// <returns>The task's record, and whether the task is new: with a known idempotency key it is the task that has the key.</returns>
    /// <exception cref="InvalidOperationException">The agent does not exist, or the host is stopping.</exception>
    /// <exception cref="IOException">The store could not write.</exception>
    /// <exception cref="MemoryBudgetException">The memory that running tasks share is used up.</exception>
    /// <exception cref="TaskLimitException">So many tasks of the owner, the key or the agent wait already.</exception>
    /// <exception cref="TokenLimitException">The tasks of the owner or of the key have used the tokens of the day.</exception>
    public async ValueTask<(TaskRecord Task, bool IsNew)> StartTaskAsync(TaskRequest request, TaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(input);
        var agent = runs.Agents.Find(request.Agent)
            ?? throw new InvalidOperationException($"Agent '{request.Agent}' is not registered; call AddAgent<T>() in Program.cs.");
        if (IsStopping)
            throw new InvalidOperationException("The server is shutting down and takes no new tasks.");

        await runs.Open.CheckAsync(request, cancellationToken);
        var bytes = TaskMemory.Count(request, input);
        if (!runs.Memory.TryTake(bytes))
            throw new MemoryBudgetException();

        var record = new TaskRecord { Request = request with { Title = request.Title ?? TaskTitle.From(input), IsExternal = agent.IsExternal } };
        var isStarted = false;
        runs.Starts.Begin(request.Id);
        try
        {
            var existing = await AddAsync(record, input, cancellationToken);
            var stored = existing ?? await ScheduleAsync(record, agent, input);
            isStarted = true;
            return (stored, existing is null);
        }
        finally
        {
            runs.Starts.End(request.Id, isStarted);
            runs.Memory.Add(-bytes);
        }
    }

    /// <summary>The limits of running tasks of an owner and of a key, each with the tasks that run.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="keyId">The id of the key, or <see langword="null"/>.</param>
    public ValueTask<IReadOnlyList<(LimitScope Scope, long Count)>> CountRunningAsync(string owner, string? keyId) => runs.Open.CountRunningAsync(owner, keyId);

    /// <summary>The limits of waiting tasks of an owner and of a key, each with the tasks that wait.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="keyId">The id of the key, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The tasks of all nodes cannot be counted.</exception>
    public ValueTask<IReadOnlyList<(LimitScope Scope, long Count)>> CountQueuedAsync(string owner, string? keyId, CancellationToken cancellationToken) =>
        runs.Open.CountQueuedAsync(owner, keyId, cancellationToken);

    /// <summary>The task that the owner started with this idempotency key, as soon as it can be read, or <see langword="null"/>.</summary>
    public async ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken) =>
        await tasks.FindByKeyAsync(owner, idempotencyKey, cancellationToken) is { } task && await WhenReadableAsync(task, cancellationToken) ? task : null;

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
        if (runs.Starts.Find(task) is { } start)
            await start.WaitAsync(cancellationToken);

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

    /// <summary>Stores a new task, unless another task has its key whose start was not refused.</summary>
    /// <returns>The task that has the key, or <see langword="null"/> when the new one was stored.</returns>
    private async ValueTask<TaskRecord?> AddAsync(TaskRecord record, TaskInput input, CancellationToken cancellationToken)
    {
        try
        {
            while (await tasks.AddAsync(record, input, cancellationToken) is { } existing)
            {
                if (await WhenReadableAsync(existing, cancellationToken))
                    return existing;

                await runs.Starts.DeleteAsync(existing.Id);
            }

            return null;
        }
        catch (Exception exception) when (exception is not InvalidOperationException)
        {
            // The store may have stored the record all the same.
            if (await runs.Starts.RefuseAsync(record) is { } accepted)
                return accepted;

            throw;
        }
    }

    private async ValueTask<TaskRecord> ScheduleAsync(TaskRecord record, AgentDefinition agent, TaskInput input)
    {
        try
        {
            return await scheduler.ScheduleAsync(record, agent, input);
        }
        catch
        {
            if (await runs.Starts.RefuseAsync(record) is { } accepted)
                return accepted;

            throw;
        }
    }

    /// <returns><see langword="false"/> when the start of the task was refused.</returns>
    private async ValueTask<bool> WhenReadableAsync(TaskRecord task, CancellationToken cancellationToken) =>
        runs.Starts.Find(task.Id) is { } start ? await start.WaitAsync(cancellationToken)
        : !runs.Starts.IsRefused(task.Id) && await scheduler.WhenReadableAsync(task, cancellationToken);
}
