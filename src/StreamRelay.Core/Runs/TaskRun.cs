using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>One attempt to run a task, from its launch to its end. Safe to use from any thread.</summary>
internal sealed partial class TaskRun
{
    private readonly AgentDefinition _agent;
    private readonly TaskInput _input;
    private readonly RunStores _stores;
    private readonly FileQuota? _files;
    private readonly ILogger _logger;
    private readonly Task _startAfter;
    private readonly RunState _state = new();
    private readonly RunRecord _record;
    private readonly RunCompletion _completion;
    private readonly bool _isExternal;
    private readonly long _heldBytes;
    private RunnerCall? _call;

    /// <summary>A run that waits for <see cref="ExecuteAsync"/>, and then for <paramref name="startAfter"/>.</summary>
    public TaskRun(TaskRecord record, AgentDefinition agent, TaskInput input, TaskStream stream, RunServices services, Task startAfter)
    {
        _agent = agent;
        _input = input;
        _stores = services.Stores;
        _files = services.Files;
        _logger = services.Logger;
        _startAfter = startAfter;
        _record = new(record, _stores.Tasks, services.Retry, _state);
        _isExternal = agent.IsExternal || record.Request.IsExternal;
        _completion = new(stream, _record, _state, _isExternal, services);
        _heldBytes = TaskMemory.Count(record.Request, input);
        _stores.Streams.Memory.Add(_heldBytes);
    }

    /// <summary>The record as it was last stored.</summary>
    public TaskRecord Record => _record.Current;

    /// <summary>Whether it waits for earlier runs or for a slot.</summary>
    public bool IsWaiting => _state.Phase is RunPhase.Waiting;

    /// <summary>Completes when the run writes nothing any more: the task has ended and its record says so, or the task continues elsewhere or after a restart.</summary>
    public Task Ended => _state.WhenAsync(RunPhase.Ended);

    /// <summary>Completes when the runner has returned as well and its slot is free.</summary>
    public Task RunnerExited => _state.WhenAsync(RunPhase.RunnerExited);

    /// <summary>Interrupts the run. The first reason counts.</summary>
    public void Interrupt(RunInterruption reason) => _state.Interrupt(reason);

    /// <summary>Stores that the task is to be stopped, then interrupts the run. When the store fails, the run is interrupted all the same.</summary>
    /// <exception cref="StaleEpochException">Another attempt owns the task.</exception>
    public async Task RequestStopAsync()
    {
        try
        {
            await _record.UpdateOnceAsync(current => current.StopRequested || current.IsEnded ? null : current with { StopRequested = true });
        }
        catch (IOException exception)
        {
            StopNotStored(Record.Id, exception);
        }

        Interrupt(RunInterruption.Stop);
    }

    /// <summary>Waits for earlier runs and a slot, runs the agent and completes the task.</summary>
    public async Task ExecuteAsync(RunSlots slots)
    {
        _ = WatchStreamAsync(_completion.Stream);
        var interrupted = _state.WhenInterruptedAsync();
        await Task.WhenAny(_startAfter, interrupted);
        var hasSlot = await slots.EnterAsync(Record.Request, interrupted);
        try
        {
            // A run that is interrupted may get a slot all the same, when another run frees it at that moment.
            await EndAsync(hasSlot && _state.Interruption is null ? await RunAgentAsync(_completion.Stream, interrupted) : null);
        }
        catch (Exception exception) when (exception is StaleEpochException or PublishException { Failure: PublishFailure.StaleEpoch })
        {
            TakenOver(Record.Id, Record.Epoch);
            await LeaveAsync();
        }
        finally
        {
            _stores.Streams.Release(_completion.Stream);

            // Detaching lets readers follow the task where it continues.
            _ = _completion.Stream.DetachAsync().AsTask();
            _state.Enter(RunPhase.Ended);
            _ = ReleaseSlotAsync(slots, hasSlot);
        }
    }

    /// <summary>Keeps the slot until the runner has returned, because the runner still uses what a slot limits.</summary>
    private async Task ReleaseSlotAsync(RunSlots slots, bool hasSlot)
    {
        if (_call is not null)
            await _call.Work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (hasSlot)
            slots.Leave(Record.Request);

        _stores.Streams.Memory.Add(-_heldBytes);
        _state.Enter(RunPhase.RunnerExited);
    }

    /// <returns>How the task ends, or <see langword="null"/> when the run was interrupted.</returns>
    private async Task<TaskEnding?> RunAgentAsync(TaskStream stream, Task interrupted)
    {
        _state.Enter(RunPhase.Running);
        if (!await TryStoreStartAsync())
            return _state.Interruption is null ? TaskEnding.NotStored : null;

        _call = new(_agent, new(Record, _input, stream, _stores.Streams, new(_stores.Files, _files, () => Record, AddFileAsync), _stores.Time), stream, _logger);
        using var cancelled = new CancellationTokenSource();
        _call.Start(cancelled.Token);
        using var timer = _stores.Time.CreateTimer(_ => Interrupt(RunInterruption.Timeout), null, _agent.Options.MaxDuration, Timeout.InfiniteTimeSpan);
        if (await Task.WhenAny(_call.Work, interrupted) == _call.Work)
            return _call.ToEnding();

        stream.CloseOutput();
        await cancelled.CancelAsync();
        await Task.WhenAny(_call.Work, Task.Delay(_agent.Options.StopGrace, _stores.Time, CancellationToken.None));
        return null;
    }

    /// <returns><see langword="false"/> when the store could not write: the agent must not run, because a restart would take its task for a queued one.</returns>
    private async ValueTask<bool> TryStoreStartAsync()
    {
        try
        {
            await _record.UpdateAsync(current => current is { State: TaskState.Running, StartedAt: not null }
                ? null
                : current with { State = TaskState.Running, StartedAt = current.StartedAt ?? _stores.Time.GetUtcNow() });
            return true;
        }
        catch (IOException exception)
        {
            StartNotStored(Record.Id, exception);
            return false;
        }
    }

    /// <summary>Ends the task, unless the run was interrupted and the task continues on another node or after a restart.</summary>
    /// <exception cref="IOException">The store has lost entries that producers pushed: another attempt continues with those that are left.</exception>
    private async Task EndAsync(TaskEnding? ending)
    {
        if (_isExternal && _completion.Stream.Live.Failure is IOException lost and (LogNotFoundException or LogTruncatedException))
            throw lost;
        if (ending is null && _state.Interruption is RunInterruption.TakenOver)
            await LeaveAsync();
        else if (ending is null && _state.Interruption is RunInterruption.Shutdown)
            await _completion.Stream.DetachAsync();
        else
            await _completion.CompleteAsync(ending ?? TaskEnding.Interrupted(_state.Interruption!.Value, _agent.Options), _input, _call?.Result);
    }

    private async ValueTask LeaveAsync()
    {
        await _completion.Stream.DetachAsync();
        await DeleteLeftAsync();
    }

    /// <summary>When the task was deleted meanwhile, deletes what this node wrote after that: a node that was paused may have created the log again.</summary>
    private async ValueTask DeleteLeftAsync()
    {
        try
        {
            if (await _stores.Tasks.FindAsync(Record.Id, CancellationToken.None) is null)
                await _stores.DeleteContentAsync(Record.Id);
        }
        catch (IOException exception)
        {
            ContentNotDeleted(Record.Id, exception);
        }
    }

    private async Task WatchStreamAsync(TaskStream stream)
    {
        await Task.WhenAny(stream.LimitReached, stream.Closed);
        Interrupt(stream.LimitReached.IsCompleted ? RunInterruption.OutputLimit : RunInterruption.Closed);
    }

    /// <exception cref="PublishException">The task has ended.</exception>
    /// <exception cref="StaleEpochException">Another attempt owns the task, or the task was deleted, and then the file is too.</exception>
    private async ValueTask AddFileAsync(StoredFile file)
    {
        try
        {
            await _record.UpdateAsync(current => current.IsEnded
                ? throw new PublishException(PublishFailure.Closed, current.Id)
                : current with { Files = [.. current.Files.Where(other => other.Name != file.Name), file] });
        }
        catch (StaleEpochException)
        {
            await DeleteLeftAsync();
            throw;
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "Task {TaskId} was taken over by another node; attempt {Attempt} ends here")]
    private partial void TakenOver(TaskId taskId, long attempt);

    [LoggerMessage(4, LogLevel.Error, "Task {TaskId} cannot run because its start could not be stored")]
    private partial void StartNotStored(TaskId taskId, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "The request to stop task {TaskId} could not be stored; the task is stopped all the same")]
    private partial void StopNotStored(TaskId taskId, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "Whether task {TaskId} was deleted while this node ran it is unknown; events and files that were written after that may be left")]
    private partial void ContentNotDeleted(TaskId taskId, Exception exception);
}
