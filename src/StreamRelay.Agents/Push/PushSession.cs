using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Push;

/// <summary>Appends the pushed events of one task, one request at a time. Sessions of other nodes may append to the same log; an append succeeds only when the session has read the whole log.</summary>
#pragma warning disable CA1001 // A semaphore whose wait handle is never used holds no resource, and requests may outlive the session's cache entry.
public sealed class PushSession
#pragma warning restore CA1001
{
    private readonly TaskId _task;
    private readonly StreamManager _streams;
    private readonly ITaskStore _tasks;
    private readonly long _maxTaskBytes;
    private readonly TimeProvider _time;
    private readonly EventPace _pace;
    private readonly SemaphoreSlim _gate = new(1);
    private ProducerStates _producers = new();
    private ExternalLog _log;

    internal PushSession(TaskId task, StreamManager streams, ITaskStore tasks, StreamOptions options, TimeProvider time)
    {
        _task = task;
        _streams = streams;
        _tasks = tasks;
        _maxTaskBytes = options.MaxTaskBytes;
        _time = time;
        _pace = new(options.MaxEventsPerSecond, time);
        _log = streams.OpenExternalLog(task);
    }

    /// <summary>The offset of the last entry that the session has read or appended.</summary>
    public long Last => _log.Last;

    /// <summary>Appends the events that the log does not have yet, in order. After the call the accepted events are durable.</summary>
    /// <param name="events">The events; only the last may be terminal.</param>
    /// <param name="first">The producer with the number of the first event, or <see langword="null"/>.</param>
    /// <param name="longestPause">How long events that come too fast may be held back; those that would have to wait longer are refused.</param>
    /// <param name="cancellationToken">Cancels the wait; the events may have been appended all the same.</param>
    /// <exception cref="PublishException">An event is too large, the events come too fast, or the task has reached its output limit.</exception>
    /// <exception cref="IOException">The store could not write the events, or the log was deleted.</exception>
    public async ValueTask<PushResult> PushAsync(IReadOnlyList<StreamEvent> events, Producer? first, TimeSpan longestPause, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        await PauseAsync(events.Count, longestPause, cancellationToken);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await PushCoreAsync(events, first, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask PauseAsync(int events, TimeSpan longest, CancellationToken cancellationToken)
    {
        var pause = _pace.Reserve(events, longest) ?? throw new PublishException(PublishFailure.TooFast, _task);
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, _time, cancellationToken);
    }

    private async ValueTask<PushResult> PushCoreAsync(IReadOnlyList<StreamEvent> events, Producer? first, CancellationToken cancellationToken)
    {
        for (var isRead = false; ; isRead = true)
        {
            if (_log.IsOutdated)
                Reset();

            // New events are appended without reading the log first. A rejection counts only after reading, because another node may have appended meanwhile.
            var plan = new PushPlan(_producers, _log.HasEnded, events, first);
            if (_log.Last > 0 && plan.New.Count > 0 && await TryAppendAsync(plan, cancellationToken))
                return plan.Result;
            if (plan.New.Count == 0 && (isRead || plan.IsAcceptable) && _log.Last > 0)
                return plan.Result;

            await ReadAsync(cancellationToken);
        }
    }

    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _log.ReadAsync(entry => _producers.OnAppended(entry.Metadata), cancellationToken);
        }
        catch (LogTruncatedException)
        {
            Reset();
        }
    }

    /// <summary>Forgets a log that may have lost entries. The session reads it from the start, and producers learn from its last
    /// events where to continue.</summary>
    private void Reset() => (_log, _producers) = (_streams.OpenExternalLog(_task), new());

    private async ValueTask<bool> TryAppendAsync(PushPlan plan, CancellationToken cancellationToken)
    {
        if (_log.Cost > _maxTaskBytes)
            throw new PublishException(PublishFailure.OutputLimit, _task);

        var events = plan.New[^1].Kind.IsTerminal() ? await CompleteAsync(plan.New, cancellationToken) : plan.New;
        if (!await _log.TryAppendAsync(events, cancellationToken))
            return false;

        foreach (var appended in events)
            _producers.OnAppended(appended.Metadata);

        return true;
    }

    /// <summary>The events with a complete terminal one, after the usage when none was reported.</summary>
    private async ValueTask<IReadOnlyList<StreamEvent>> CompleteAsync(
        IReadOnlyList<StreamEvent> pushed, CancellationToken cancellationToken)
    {
        List<StreamEvent> events = [.. pushed.SkipLast(1)];
        if (_log.FindMissingUsage(events, await _tasks.GetInputAsync(_task, cancellationToken)) is { } usage)
            events.Add(usage);

        events.Add(Terminal(pushed[^1]));
        return events;
    }

    private static StreamEvent Terminal(StreamEvent pushed) => pushed.Kind == StreamEventKind.End
        ? TaskEvents.End(TaskState.Completed, Field(pushed, "finish_reason") ?? "stop", pushed.Metadata)
        : TaskEvents.Error(new(Field(pushed, "code") ?? "agent_failed", pushed.Content.IsEmpty ? "The agent failed." : Encoding.UTF8.GetString(pushed.Content.Span)), pushed.Metadata);

    private static string? Field(StreamEvent terminal, string name) =>
        !terminal.Metadata.IsEmpty && JsonElement.Parse(terminal.Metadata.Span).TryGetProperty(name, out var value) ? value.GetString() : null;
}
