using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Events;
using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>One task on its way from queued to its end.</summary>
internal sealed partial class TaskRun(
    TaskRecord record, AgentDefinition agent, TaskInput input, TaskStream stream,
    StreamManager streams, ITaskStore tasks, IFileStore files, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource<RunInterruption> _interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _finishReason = "stop";
    private string? _result;
    private ReadOnlyMemory<byte> _endingFields;
    private bool _cutShort;
    private TaskRecord _record = record;
    private TaskStream _stream = stream;

    /// <summary>The record as it was last stored.</summary>
    public TaskRecord Record => Volatile.Read(ref _record);

    /// <summary>What has to end before this run may begin.</summary>
    public Task After { get; init; } = Task.CompletedTask;

    /// <summary>Hears of the end before the record says so.</summary>
    public Func<TaskRecord, ValueTask> OnEnding { get; init; } = static _ => ValueTask.CompletedTask;

    /// <summary>Ends when the terminal event is durable and the record says so, or when the server shuts down before.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Ends when nothing of the run is left to wait for at shutdown.</summary>
    public Task Left => _left.Task;

    /// <summary>Ends when its agent has left as well, and its place is free.</summary>
    public Task Gone => _gone.Task;

    public void Interrupt(RunInterruption reason)
    {
        _interrupted.TrySetResult(reason);
        if (reason is RunInterruption.Shutdown)
            _shutdown.TrySetResult();
    }

    public async Task RequestStopAsync()
    {
        await UpdateAsync(current => current.StopRequested || current.IsEnded ? null : current with { StopRequested = true });
        Interrupt(RunInterruption.Stop);
    }

    public async Task ExecuteAsync(RunSlots slots)
    {
        _ = WatchAsync();
        await Task.WhenAny(After, _interrupted.Task);
        var entered = await slots.EnterAsync(_interrupted.Task);
        _cutShort = !entered;
        var work = Task.CompletedTask;
        try
        {
            if (entered)
                work = await RunAgentAsync();
            if (_cutShort && await _interrupted.Task is RunInterruption.Shutdown or RunInterruption.TakenOver)
                await _stream.DetachAsync();
            else
                await EndAsync(_cutShort ? CutShort(await _interrupted.Task) : Ending(work));
        }
        catch (Exception exception) when (exception is StaleEpochException or PublishException { Failure: PublishFailure.StaleEpoch })
        {
            TakenOver(Record.Id, Record.Epoch);
        }
        finally
        {
            streams.Release(_stream);

            // Whatever ended the run, nothing is written here any more: who reads goes on where the task does.
            _ = _stream.DetachAsync().AsTask();
            _ended.TrySetResult();
            _left.TrySetResult();
            _ = FreeAsync(slots, entered, work);
        }
    }

    /// <summary>A runner that does not leave keeps its place: it still uses what the place stands for.</summary>
    private async Task FreeAsync(RunSlots slots, bool entered, Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (entered)
            slots.Leave();

        _gone.TrySetResult();
    }

    private async Task<Task> RunAgentAsync()
    {
        await UpdateAsync(current => current with { State = TaskState.Running, StartedAt = current.StartedAt ?? time.GetUtcNow() });
        var context = new AgentContext(Record, input, _stream, streams, files, SaveFileAsync, time);
        using var left = new CancellationTokenSource();
        var token = left.Token;
        var work = Task.Run(() => SpeakAsync(context, token), CancellationToken.None);
        using var timer = time.CreateTimer(_ => Interrupt(RunInterruption.Timeout), null, agent.Options.MaxDuration, Timeout.InfiniteTimeSpan);

        if (await Task.WhenAny(work, _interrupted.Task) != work)
        {
            _cutShort = true;
            _stream.CloseOutput();
            await left.CancelAsync();
            await Task.WhenAny(work, Task.Delay(agent.Options.StopGrace, time, CancellationToken.None));
        }

        return work;
    }

    private async Task SpeakAsync(AgentContext context, CancellationToken cancellationToken)
    {
        AgentContext.Current = context;
        try
        {
            await agent.Runner.RunAsync(context, cancellationToken);
            foreach (var half in context.LoneSurrogates())
                await _stream.PublishAsync(half, cancellationToken);

            await context.ReportDroppedAsync(cancellationToken);
        }
        finally
        {
            _finishReason = context.FinishReason;
            _result = context.Result;
            _endingFields = context.EndingFields;
        }
    }

    private async Task WatchAsync()
    {
        await Task.WhenAny(_stream.LimitReached, _stream.Closed);
        Interrupt(_stream.LimitReached.IsCompleted ? RunInterruption.OutputLimit : RunInterruption.Closed);
    }

    private TaskEnding CutShort(RunInterruption reason) => reason switch
    {
        RunInterruption.Stop => TaskEnding.Stopped,
        RunInterruption.Timeout => TaskEnding.Failed("timeout", $"The agent ran longer than {agent.Options.MaxDuration}."),
        RunInterruption.OutputLimit => OutputLimit,
        _ => NotStored,
    };

    private TaskEnding Ending(Task work)
    {
        if (work.IsCompletedSuccessfully)
            return TaskEnding.Completed(_finishReason) with { Fields = _endingFields };

        var exception = work.Exception?.InnerException ?? new OperationCanceledException("The agent cancelled itself.");
        return exception switch
        {
            AgentException known => TaskEnding.Failed(known.Code, known.Message) with { Fields = _endingFields },
            PublishException { Failure: PublishFailure.OutputLimit } => OutputLimit,
            _ => Unexpected(exception),
        };
    }

    private static TaskEnding OutputLimit { get; } = TaskEnding.Failed("output_limit", "The task said more than one task may.");

    private static TaskEnding NotStored { get; } = TaskEnding.Failed("storage_unavailable", "What the agent said could not be stored.");

    private TaskEnding Unexpected(Exception exception)
    {
        AgentFailed(agent.Name, Record.Id, exception);
        return exception is PublishException { Failure: PublishFailure.Storage }
            ? NotStored
            : TaskEnding.Failed("agent_failed", "The agent failed.");
    }

    private async Task EndAsync(TaskEnding ending)
    {
        // A log that nobody owns takes an end from anybody: also from who slept while another one took the task over.
        if (agent.IsExternal && (await tasks.FindAsync(Record.Id, CancellationToken.None))?.Epoch != Record.Epoch)
            throw new StaleEpochException(Record.Id, Record.Epoch);

        for (var terminal = ending; ;)
        {
            try
            {
                await EstimateUsageAsync();
                await _stream.CompleteAsync(terminal.ToEvent());
                break;
            }
            catch (PublishException exception) when (exception.Failure == PublishFailure.Storage)
            {
                EndNotStored(Record.Id, exception);
                terminal = NotStored;
                await ReopenAsync();
            }
        }

        await RecordEndAsync();
    }

    private async ValueTask EstimateUsageAsync()
    {
        if (!_stream.NeedsUsage)
            return;

        try
        {
            await _stream.PublishAsync(AgentEvents.Usage(TaskUsage.Estimate(input.Content.Length, _stream.TextBytes)), CancellationToken.None);
        }
        catch (PublishException exception) when (exception.Failure is PublishFailure.Closed or PublishFailure.Full)
        {
            EndNotStored(Record.Id, exception);
        }
    }

    private async Task ReopenAsync()
    {
        streams.Release(_stream);
        var epoch = Record.Epoch + 1;
        for (var pause = StoreRetry; ; pause = pause * 2 < LongestRetry ? pause * 2 : LongestRetry)
        {
            // Who shuts down leaves it to the next start.
            await Task.WhenAny(Task.Delay(pause, time, CancellationToken.None), _shutdown.Task);
            if (_shutdown.Task.IsCompleted)
                throw new PublishException(PublishFailure.Storage, Record.Id);

            try
            {
                await UpdateAsync(current => current.Epoch < epoch ? current with { Epoch = epoch } : null);
                _stream = await streams.ContinueAsync(Record.Id, Record.Epoch, LogSummary.Empty, agent.IsExternal, CancellationToken.None);
                return;
            }
            catch (IOException exception)
            {
                EndNotStored(Record.Id, exception);
            }
        }
    }

    private async ValueTask RecordEndAsync()
    {
        // The terminal event that won the race may not be the one this run asked for; the record follows the log.
        var summary = _stream.Summarize();
        await OnEnding(End(Record));
        await UpdateAsync(End);

        TaskRecord End(TaskRecord current) => summary.ApplyTo(current with { Result = _result });
    }

    private ValueTask SaveFileAsync(StoredFile file) =>
        UpdateAsync(current => current with { Files = [.. current.Files.Where(other => other.Name != file.Name), file] });

    private async ValueTask UpdateAsync(Func<TaskRecord, TaskRecord?> change)
    {
        while (change(Record) is { } changed)
        {
            if (await tasks.TryUpdateAsync(changed, CancellationToken.None))
            {
                Volatile.Write(ref _record, changed with { Version = changed.Version + 1 });
                return;
            }

            // Who took the task over, or deleted it, has the last word.
            var stored = await tasks.FindAsync(changed.Id, CancellationToken.None);
            Volatile.Write(ref _record, stored?.Epoch == Record.Epoch ? stored : throw new StaleEpochException(changed.Id, Record.Epoch));
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Agent {Agent} failed in task {TaskId}")]
    private partial void AgentFailed(string agent, TaskId taskId, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "Task {TaskId} was taken over by another node; attempt {Attempt} ends here")]
    private partial void TakenOver(TaskId taskId, long attempt);

    [LoggerMessage(2, LogLevel.Error, "The end of task {TaskId} could not be stored; trying again")]
    private partial void EndNotStored(TaskId taskId, Exception exception);
}
