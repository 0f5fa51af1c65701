using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using StreamRelay.Events;
using StreamRelay.Files;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <summary>One run of an agent: what it was asked, and how it speaks. Every method is safe to call from any thread.</summary>
public sealed class AgentContext
{
    private static readonly AsyncLocal<AgentContext?> Ambient = new();

    private readonly TaskStream _stream;
    private readonly StreamManager _streams;
    private readonly long _before;
    private long _droppedLines;
    private readonly IFileStore _files;
    private readonly Func<StoredFile, ValueTask> _fileSaved;
    private readonly SurrogateJoiner _joiner = new();

    internal AgentContext(TaskRecord task, TaskInput input, TaskStream stream, StreamManager streams, IFileStore files, Func<StoredFile, ValueTask> fileSaved, TimeProvider time)
    {
        Request = task.Request;
        Attempt = task.Epoch;
        Input = input;
        Time = time;
        _stream = stream;
        _streams = streams;
        _before = stream.Head;
        _files = files;
        _fileSaved = fileSaved;
    }

    /// <summary>The run that the calling code is part of, however deep below the runner it is; <see langword="null"/> outside of one.</summary>
    public static AgentContext? Current
    {
        get => Ambient.Value;
        internal set => Ambient.Value = value;
    }

    /// <summary>What was asked for.</summary>
    public TaskRequest Request { get; }

    /// <summary>What the agent is given to work on.</summary>
    public TaskInput Input { get; }

    /// <summary>1 for the first run of the task, one more for each run after a restart.</summary>
    public long Attempt { get; }

    /// <summary>The clock to use.</summary>
    public TimeProvider Time { get; }

    /// <summary>Why the answer ends: <c>stop</c> (default), <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>.</summary>
    public string FinishReason { get; set; } = "stop";

    /// <summary>Fields that the terminal event carries beside its own: a UTF-8 JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> EndingFields { get; set; }

    /// <summary>What the agent returns beside its stream, kept on the task's record.</summary>
    public string? Result { get; set; }

    /// <summary>What the task said before this attempt: its <c>start</c>, and what earlier attempts published. Nothing more than the start on the first attempt.</summary>
    public async IAsyncEnumerable<StreamEntry> HistoryAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var cursor = _streams.Read(Request.Id, 0);
        while (cursor.Position < _before)
        {
            foreach (var entry in (await cursor.ReadAsync(cancellationToken)).ToArray())
            {
                if (entry.Offset <= _before)
                    yield return entry;
            }
        }
    }

    /// <summary>Reads the task's own log, from the end of what earlier attempts said on.</summary>
    public StreamCursor Follow() => _streams.Read(Request.Id, _before);

    /// <summary>Speaks a piece of the answer. A surrogate pair may be split over two pieces.</summary>
    /// <exception cref="PublishException">The piece cannot be taken.</exception>
    public ValueTask OutputAsync(string text, CancellationToken cancellationToken = default) =>
        SpeakAsync(StreamEventKind.Output, text, cancellationToken);

    /// <summary>Speaks a piece of the reasoning.</summary>
    /// <exception cref="PublishException">The piece cannot be taken.</exception>
    public ValueTask ThoughtAsync(string text, CancellationToken cancellationToken = default) =>
        SpeakAsync(StreamEventKind.Thought, text, cancellationToken);

    /// <summary>Begins a titled part of the work.</summary>
    /// <exception cref="PublishException">The event cannot be taken.</exception>
    public ValueTask StepStartAsync(string step, string title, CancellationToken cancellationToken = default) =>
        PublishAsync(AgentEvents.Step(StreamEventKind.StepStart, step, title), cancellationToken);

    /// <summary>Ends a titled part of the work.</summary>
    /// <exception cref="PublishException">The event cannot be taken.</exception>
    public ValueTask StepEndAsync(string step, string title, CancellationToken cancellationToken = default) =>
        PublishAsync(AgentEvents.Step(StreamEventKind.StepEnd, step, title), cancellationToken);

    /// <summary>Sends any JSON to front ends, under a name.</summary>
    /// <exception cref="PublishException">The event cannot be taken.</exception>
    public ValueTask DataAsync(string name, JsonElement data, CancellationToken cancellationToken = default) =>
        PublishAsync(AgentEvents.Data(name, data), cancellationToken);

    /// <summary>Reports tokens used; the last report counts.</summary>
    /// <exception cref="PublishException">The event cannot be taken.</exception>
    public ValueTask UsageAsync(TaskUsage usage, CancellationToken cancellationToken = default) =>
        PublishAsync(AgentEvents.Usage(usage), cancellationToken);

    /// <summary>Stores a file of the task, then tells readers where to download it.</summary>
    /// <exception cref="ArgumentException">The name is not safe; <see cref="FileName.FromTitle"/> makes safe ones.</exception>
    public async ValueTask<StoredFile> SaveFileAsync(string name, string mediaType, Stream content, CancellationToken cancellationToken = default)
    {
        var file = await _files.SaveAsync(Request.Id, name, mediaType, content, cancellationToken);
        await _fileSaved(file);
        await PublishAsync(AgentEvents.File(Request.Id, file), cancellationToken);
        return file;
    }

    /// <summary>Publishes any event; waits while the inbox is full.</summary>
    /// <exception cref="PublishException">The event cannot be taken.</exception>
    public ValueTask PublishAsync(StreamEvent streamEvent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        if (streamEvent.Kind is StreamEventKind.Start || streamEvent.Kind.IsTerminal())
            throw new ArgumentException("Start and terminal events are the host's; return or throw instead.", nameof(streamEvent));

        return _stream.PublishAsync(streamEvent, cancellationToken);
    }

    /// <summary>Speaks a piece of the answer without ever waiting, from synchronous code on any thread.</summary>
    /// <returns><see langword="false"/> when the inbox is full or closed.</returns>
    public bool TryOutput(string text) =>
        _joiner.Join(StreamEventKind.Output, text) is not { IsEmpty: false } bytes || _stream.TryPublish(new(StreamEventKind.Output, bytes));

    /// <summary>Publishes any event without ever waiting, from any thread.</summary>
    /// <returns><see langword="false"/> when the inbox is full or closed.</returns>
    public bool TryPublish(StreamEvent streamEvent) => _stream.TryPublish(streamEvent);

    /// <summary>Says a line of a log without ever waiting, from any thread. A line that finds no room is dropped, and the next one that finds some says how many were.</summary>
    /// <returns><see langword="false"/> when it was dropped.</returns>
    public bool TryLog(LogLevel level, string category, string line)
    {
        var dropped = Interlocked.Exchange(ref _droppedLines, 0);
        if (dropped > 0 && !_stream.TryPublish(Dropped(dropped)))
            Interlocked.Add(ref _droppedLines, dropped);
        if (_stream.TryPublish(AgentEvents.Log(level, category, line)))
            return true;

        Interlocked.Increment(ref _droppedLines);
        return false;
    }

    /// <summary>Waits until all that was published is durable.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _stream.FlushAsync(cancellationToken);

    /// <summary>Says at the end of a run how many lines of the log were dropped since it was said last.</summary>
    internal ValueTask ReportDroppedAsync(CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _droppedLines, 0) is var dropped and > 0 ? _stream.PublishAsync(Dropped(dropped), cancellationToken) : ValueTask.CompletedTask;

    private static StreamEvent Dropped(long lines) => AgentEvents.Log(LogLevel.Warning, "StreamRelay", $"{lines} lines of the log were dropped.");

    internal IReadOnlyList<StreamEvent> LoneSurrogates() => _joiner.Rest();

    private ValueTask SpeakAsync(StreamEventKind kind, string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = _joiner.Join(kind, text);
        return bytes.IsEmpty ? ValueTask.CompletedTask : _stream.PublishAsync(new(kind, bytes), cancellationToken);
    }
}
