using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Push;

/// <summary>Takes a task's events from outside, one request at a time. Other nodes may take some too: each appends behind what it has read.</summary>
#pragma warning disable CA1001 // A semaphore without a wait handle holds nothing, and requests may outlive the session's place in the cache.
public sealed class PushSession
#pragma warning restore CA1001
{
    private readonly TaskId _task;
    private readonly StreamManager _streams;
    private readonly ITaskStore _tasks;
    private readonly long _maxTaskBytes;
    private readonly SemaphoreSlim _turn = new(1);
    private ProducerStates _producers = new();
    private ExternalLog _log;

    internal PushSession(TaskId task, StreamManager streams, ITaskStore tasks, long maxTaskBytes)
    {
        _task = task;
        _streams = streams;
        _tasks = tasks;
        _maxTaskBytes = maxTaskBytes;
        _log = streams.OpenExternalLog(task);
    }

    /// <summary>The offset of the last entry known.</summary>
    public long Last => _log.Last;

    /// <summary>Appends events in order, as far as they are new. On return what was accepted is durable.</summary>
    /// <param name="events">The events; a terminal one only as the last.</param>
    /// <param name="first">The producer, with the number of the first of them; or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Gives up; then they may have been appended.</param>
    /// <exception cref="PublishException">An event is too large, or the task has said all it may.</exception>
    /// <exception cref="IOException">The store could not write, or the log is gone.</exception>
    public async ValueTask<PushResult> PushAsync(IReadOnlyList<StreamEvent> events, Producer? first, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await PushInTurnAsync(events, first, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<PushResult> PushInTurnAsync(IReadOnlyList<StreamEvent> events, Producer? first, CancellationToken cancellationToken)
    {
        for (var isRead = false; ; isRead = true)
        {
            // What is new is taken at its word; what would be refused may only be because others were here since.
            var plan = new PushPlan(_producers, _log.HasEnded, events, first);
            if (_log.Last > 0 && plan.New.Count > 0 && await TryAppendAsync(plan, cancellationToken))
                return plan.Result;
            if (plan.New.Count == 0 && (isRead || plan.IsHarmless) && _log.Last > 0)
                return plan.Result;

            await ReadAsync(cancellationToken);
        }
    }

    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _log.ReadAsync(said => _producers.Hear(said.Metadata), cancellationToken);
        }
        catch (LogTruncatedException)
        {
            // The log as it is now is the truth, and tells producers from where on to push again.
            (_log, _producers) = (_streams.OpenExternalLog(_task), new());
        }
    }

    private async ValueTask<bool> TryAppendAsync(PushPlan plan, CancellationToken cancellationToken)
    {
        if (_log.Bytes > _maxTaskBytes)
            throw new PublishException(PublishFailure.OutputLimit, _task);

        List<StreamEvent> events = [.. plan.New];
        if (events[^1].Kind.IsTerminal())
        {
            events[^1] = Terminal(events[^1]);
            if (_log.FindMissingUsage(events[..^1], await _tasks.GetInputAsync(_task, cancellationToken)) is { } usage)
                events.Insert(events.Count - 1, usage);
        }

        if (!await _log.TryAppendAsync(events, cancellationToken))
            return false;

        foreach (var said in events)
            _producers.Hear(said.Metadata);

        return true;
    }

    private static StreamEvent Terminal(StreamEvent pushed) => pushed.Kind == StreamEventKind.End
        ? TaskEvents.End(TaskState.Completed, Field(pushed, "finish_reason") ?? "stop", pushed.Metadata)
        : TaskEvents.Error(new(Field(pushed, "code") ?? "agent_failed", pushed.Content.IsEmpty ? "The agent failed." : Encoding.UTF8.GetString(pushed.Content.Span)), pushed.Metadata);

    private static string? Field(StreamEvent terminal, string name) =>
        !terminal.Metadata.IsEmpty && JsonElement.Parse(terminal.Metadata.Span).TryGetProperty(name, out var value) ? value.GetString() : null;
}
