using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Cluster;
using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Runs agents: starts, queues and stops tasks, and writes each one's one terminal event. At start it brings every task that
/// a crash or shutdown left behind to an end; where nodes share a store, it takes up what they have to run together.</summary>
public sealed class AgentHost : IHostedService
{
    private readonly AgentRegistry _agents;
    private readonly StreamManager _streams;
    private readonly ITaskStore _tasks;
    private readonly StreamOpener _opener;
    private readonly TaskRecovery _takeover;
    private readonly TaskRuns _runs;
    private readonly ConcurrentDictionary<TaskId, TaskCompletionSource> _opening = new();

    /// <summary>Creates a host that has not started.</summary>
    public AgentHost(
        AgentRegistry agents, StreamManager streams, ITaskStore tasks, IFileStore files, IEventLog log, IOptions<StreamOptions> options, TimeProvider time,
        ILogger<AgentHost> logger, IEnumerable<ITaskObserver>? observers = null, IWorkQueue? work = null, INodeSignals? signals = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _agents = agents;
        _streams = streams;
        _tasks = tasks;
        _opener = new(streams, tasks, files, log, observers ?? [], time, logger);
        _takeover = new(agents, streams, tasks, log, _opener, time, logger, work?.Node);
        _runs = new(options.Value.MaxRunningTasks, logger);
        Cluster = work is null ? null : new(_runs, agents, streams, tasks, _opener, _takeover, time, work, signals);
    }

    /// <summary>Whether the host takes no new tasks any more.</summary>
    public bool IsStopping => _runs.IsStopping;

    /// <summary>What several nodes run together, where they share a store.</summary>
    internal ClusterRuns? Cluster { get; }

    /// <summary>Accepts a task. On return its <c>start</c> event is durable and it can be read; its agent runs, or waits for a free place.</summary>
    /// <returns>The task's record, and whether it is new: with a known idempotency key it is the task that has the key.</returns>
    /// <exception cref="InvalidOperationException">No such agent, or the host is stopping.</exception>
    public async ValueTask<(TaskRecord Task, bool IsNew)> StartTaskAsync(TaskRequest request, TaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var agent = _agents.Find(request.Agent)
            ?? throw new InvalidOperationException($"Agent '{request.Agent}' is not registered; call AddAgent<T>() in Program.cs.");
        if (IsStopping)
            throw new InvalidOperationException("The server is shutting down and takes no new tasks.");

        // Before the record can be found: who finds it waits until it can be read.
        var opened = _opening[request.Id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var record = new TaskRecord { Request = request };
            if (await _tasks.AddAsync(record, input, cancellationToken) is { } existing)
                return (await WhenOpenAsync(existing, cancellationToken), false);

            if (Cluster is null)
                record = _runs.Launch(await _opener.OpenAsync(record, agent, input, LogSummary.Empty, _runs.WhenEarlierEnded(request, agent))).Record;
            else
                await Cluster.StartAsync(record);

            return (record, true);
        }
        finally
        {
            opened.SetResult();
            _opening.TryRemove(request.Id, out _);
        }
    }

    /// <summary>The task that the owner started with this idempotency key, as soon as it can be read, or <see langword="null"/>.</summary>
    public async ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken) =>
        await _tasks.FindByKeyAsync(owner, idempotencyKey, cancellationToken) is { } task ? await WhenOpenAsync(task, cancellationToken) : null;

    /// <summary>Stops a task, wherever it runs: on return its terminal event is durable. Stopping one that has ended, or twice, changes nothing.</summary>
    /// <returns>The task as it is now, or <see langword="null"/> when there is none.</returns>
    public async ValueTask<TaskRecord?> StopTaskAsync(TaskId task, CancellationToken cancellationToken)
    {
        await _runs.StopAsync(task, cancellationToken);

        // What ran here may have been taken over by another node.
        if (Cluster is not null && !IsStopping)
            await Cluster.StopAsync(task, cancellationToken);

        return await _tasks.FindAsync(task, cancellationToken);
    }

    /// <summary>Waits until a task has ended; returns at once when it has, or is unknown.</summary>
    public async Task WaitAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (_opening.TryGetValue(task, out var opened))
            await opened.Task.WaitAsync(cancellationToken);
        if (_runs.Find(task) is { } run)
            await run.Ended.WaitAsync(cancellationToken);
        if (Cluster is not null)
            await Cluster.WhenEndedAsync(task, cancellationToken);
    }

    /// <summary>The task as it is, when all of it has been said: its record follows its terminal event, and a client may have seen that already.</summary>
    public async ValueTask<TaskRecord?> SettleAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.IsEnded || !await _streams.Heads.IsCompletedAsync(task, cancellationToken))
            return task;

        await WaitAsync(task.Id, cancellationToken);
        return await _tasks.FindAsync(task.Id, cancellationToken);
    }

    /// <summary>Resumes or ends every task that was running when the process last ended, and queues those that had not begun. Where nodes share a
    /// store, the others may be running them.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Cluster is not null)
        {
            Cluster.Start();
            return;
        }

        await RecoverAsync(TaskState.Running, cancellationToken);
        await RecoverAsync(TaskState.Queued, cancellationToken);
    }

    /// <summary>Stops all runners without ending their tasks: what they said is durable, and the next start brings them to an end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Cluster?.Stop();
        await _runs.LeaveAsync(cancellationToken);
    }

    private async ValueTask<TaskRecord> WhenOpenAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        if (_opening.TryGetValue(task.Id, out var opened))
            await opened.Task.WaitAsync(cancellationToken);
        else if (Cluster is not null)
            await Cluster.WhenOpenAsync(task, cancellationToken);

        return task;
    }

    private async Task RecoverAsync(TaskState state, CancellationToken cancellationToken)
    {
        var left = await _tasks.ListAsync(new() { State = state, Limit = int.MaxValue }, cancellationToken);
        foreach (var record in left.Reverse())
        {
            var after = _runs.WhenEarlierEnded(record.Request, _agents.Find(record.Request.Agent));
            try
            {
                if (await _takeover.TakeAsync(record, after) is { } run)
                    _runs.Launch(run);
            }
            catch (Exception exception)
            {
                // One that cannot be helped must not keep the others waiting.
                _runs.TaskStuck(record.Id, exception);
            }
        }
    }
}
