using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Storage;
using StreamRelay.Streams;

namespace StreamRelay.Agents;

/// <summary>Runs agents: starts, queues and stops tasks, and writes each one's one terminal event. At start it brings every task that
/// a crash or shutdown left behind to an end.</summary>
public sealed partial class AgentHost(
    AgentRegistry agents, StreamManager streams, ITaskStore tasks, IFileStore files, IEventLog log,
    IOptions<StreamOptions> options, TimeProvider time, ILogger<AgentHost> logger, IEnumerable<ITaskObserver>? observers = null) : IHostedService
{
    private readonly ConcurrentDictionary<TaskId, TaskRun> _runs = new();
    private readonly ConcurrentDictionary<TaskId, TaskCompletionSource> _opening = new();
    private readonly RunSlots _slots = new(options.Value.MaxRunningTasks);
    private volatile bool _stopping;

    /// <summary>Whether the host takes no new tasks any more.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Accepts a task. On return its <c>start</c> event is durable and it can be read; its agent runs, or waits for a free place.</summary>
    /// <returns>The task's record, and whether it is new: with a known idempotency key it is the task that has the key.</returns>
    /// <exception cref="InvalidOperationException">No such agent, or the host is stopping.</exception>
    public async ValueTask<(TaskRecord Task, bool IsNew)> StartTaskAsync(TaskRequest request, TaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var agent = agents.Find(request.Agent)
            ?? throw new InvalidOperationException($"Agent '{request.Agent}' is not registered; call AddAgent<T>() in Program.cs.");
        if (_stopping)
            throw new InvalidOperationException("The server is shutting down and takes no new tasks.");

        // Before the record can be found: who finds it waits until it can be read.
        var opened = _opening[request.Id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var record = new TaskRecord { Request = request };
            if (await tasks.AddAsync(record, input, cancellationToken) is { } existing)
                return (await WhenOpenAsync(existing, cancellationToken), false);

            var run = await OpenAsync(record, agent, input, LogSummary.Empty);
            Launch(run);
            return (run.Record, true);
        }
        finally
        {
            opened.SetResult();
            _opening.TryRemove(request.Id, out _);
        }
    }

    /// <summary>The task that the owner started with this idempotency key, as soon as it can be read, or <see langword="null"/>.</summary>
    public async ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken) =>
        await tasks.FindByKeyAsync(owner, idempotencyKey, cancellationToken) is { } task ? await WhenOpenAsync(task, cancellationToken) : null;

    /// <summary>Stops a task: on return its terminal event is durable. Stopping one that has ended, or twice, changes nothing.</summary>
    /// <returns>The task as it is now, or <see langword="null"/> when there is none.</returns>
    public async ValueTask<TaskRecord?> StopTaskAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (_runs.TryGetValue(task, out var run))
        {
            await run.RequestStopAsync();
            await run.Ended.WaitAsync(cancellationToken);
        }

        return await tasks.FindAsync(task, cancellationToken);
    }

    /// <summary>Waits until a task has ended; returns at once when it has, or is unknown.</summary>
    public async Task WaitAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (_opening.TryGetValue(task, out var opened))
            await opened.Task.WaitAsync(cancellationToken);
        if (_runs.TryGetValue(task, out var run))
            await run.Ended.WaitAsync(cancellationToken);
    }

    /// <summary>The task as it is, when all of it has been said: its record follows its terminal event, and a client may have seen that already.</summary>
    public async ValueTask<TaskRecord?> SettleAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.IsEnded || streams.Find(task.Id) is not { IsCompleted: true })
            return task;

        await WaitAsync(task.Id, cancellationToken);
        return await tasks.FindAsync(task.Id, cancellationToken);
    }

    /// <summary>Resumes or ends every task that was running when the process last ended, and queues those that had not begun.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await RecoverAsync(TaskState.Running, cancellationToken);
        await RecoverAsync(TaskState.Queued, cancellationToken);
    }

    /// <summary>Stops all runners without ending their tasks: what they said is durable, and the next start brings them to an end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var runs = _runs.Values.ToArray();
        foreach (var run in runs)
            run.Interrupt(RunInterruption.Shutdown);

        await Task.WhenAll(runs.Select(run => run.Left)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask<TaskRecord> WhenOpenAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        if (_opening.TryGetValue(task.Id, out var opened))
            await opened.Task.WaitAsync(cancellationToken);

        return task;
    }

    private async Task RecoverAsync(TaskState state, CancellationToken cancellationToken)
    {
        var left = await tasks.ListAsync(new() { State = state, Limit = int.MaxValue }, cancellationToken);
        foreach (var record in left.Reverse())
        {
            var summary = await LogSummary.ReadAsync(log, record.Id, cancellationToken);
            var input = await tasks.GetInputAsync(record.Id, cancellationToken) ?? new(default);
            var agent = agents.Find(record.Request.Agent);
            if (summary.Terminal is null && agent is not null && !record.StopRequested && (state == TaskState.Queued || MayResume(record, agent)))
                Launch(await ReopenAsync(record, agent, input, summary));
            else
                await EndLeftoverAsync(record, summary, input);
        }
    }

    private static bool MayResume(TaskRecord record, AgentDefinition agent) =>
        agent.Options.OnRestart is OnRestart.Resume && record.Epoch < agent.Options.MaxAttempts;

    private async ValueTask<TaskRun> ReopenAsync(TaskRecord record, AgentDefinition agent, TaskInput input, LogSummary before)
    {
        if (record.State == TaskState.Running)
        {
            record = record with { Epoch = record.Epoch + 1 };
            if (await tasks.TryUpdateAsync(record, CancellationToken.None))
                record = record with { Version = record.Version + 1 };

            TaskResumed(record.Id, record.Epoch);
        }

        return await OpenAsync(record, agent, input, before);
    }

    private async Task EndLeftoverAsync(TaskRecord record, LogSummary summary, TaskInput input)
    {
        if (summary.Terminal is null)
        {
            record = record with { Epoch = record.Epoch + 1 };
            var stream = await streams.ContinueAsync(record.Id, record.Epoch, summary, CancellationToken.None);
            var ending = record.StopRequested ? TaskEnding.Stopped : TaskEnding.Failed("interrupted", "The server ended while the task was running.");
            if (summary.Usage is null)
                await stream.PublishAsync(AgentEvents.Usage(TaskUsage.Estimate(input.Content.Length, summary.SpokenBytes)), CancellationToken.None);

            await stream.CompleteAsync(ending.ToEvent());
            streams.Release(stream);
            summary = await LogSummary.ReadAsync(log, record.Id, CancellationToken.None);
        }

        var ended = summary.ApplyTo(record);
        await EndingAsync(ended);
        await tasks.TryUpdateAsync(ended, CancellationToken.None);
        TaskRecovered(record.Id, summary.Terminal!.Value.Event.Kind.ToName());
    }

    private async ValueTask<TaskRun> OpenAsync(TaskRecord record, AgentDefinition agent, TaskInput input, LogSummary before)
    {
        var stream = await streams.ContinueAsync(record.Id, record.Epoch, before, CancellationToken.None);
        if (stream.Head == 0)
            await stream.PublishAsync(new(StreamEventKind.Start, default, StartMetadata(record.Request)), CancellationToken.None);

        await stream.FlushAsync(CancellationToken.None);
        var run = new TaskRun(record, agent, input, stream, streams, tasks, files, log, time, logger) { After = EarlierRuns(record.Request, agent), OnEnding = EndingAsync };
        _runs[record.Id] = run;
        return run;
    }

    private async ValueTask EndingAsync(TaskRecord ended)
    {
        foreach (var observer in observers ?? [])
            await observer.EndingAsync(ended);
    }

    private Task EarlierRuns(TaskRequest request, AgentDefinition agent) =>
        agent.Options.DoubleText is DoubleText.Enqueue && request.SessionId is not null
            ? Task.WhenAll(_runs.Values.Where(run => run.Record.Request.SessionId == request.SessionId && run.Record.Request.Owner == request.Owner).Select(run => run.Ended))
            : Task.CompletedTask;

    private void Launch(TaskRun run)
    {
        if (_stopping)
            run.Interrupt(RunInterruption.Shutdown);

        // The run is its own flow: nothing of the request that started it may follow it into the agent.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => RunAsync(run));
    }

    private async Task RunAsync(TaskRun run)
    {
        try
        {
            await run.ExecuteAsync(_slots);
        }
        catch (Exception exception)
        {
            TaskStuck(run.Record.Id, exception);
        }
        finally
        {
            _runs.TryRemove(run.Record.Id, out _);
        }
    }

    private static ReadOnlyMemory<byte> StartMetadata(TaskRequest request) => AgentEvents.Json(json =>
    {
        json.WriteString("model"u8, request.Agent);
        json.WriteNumber("created"u8, request.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("system_fingerprint"u8, "fp_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Agent)).AsSpan(0, 5)));
        if (!request.Protocol.IsEmpty)
            AgentEvents.CopyProperties(request.Protocol, json);
    });

    [LoggerMessage(1, LogLevel.Warning, "Task {TaskId} was left behind and has ended with {Terminal}")]
    private partial void TaskRecovered(TaskId taskId, string terminal);

    [LoggerMessage(3, LogLevel.Warning, "Task {TaskId} was left behind and runs again (attempt {Attempt})")]
    private partial void TaskResumed(TaskId taskId, long attempt);

    [LoggerMessage(2, LogLevel.Error, "Task {TaskId} could not be brought to an end; the next start does it")]
    private partial void TaskStuck(TaskId taskId, Exception exception);
}
