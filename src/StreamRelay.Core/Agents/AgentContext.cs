using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using StreamRelay.Events;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <summary>One run of an agent: its request and input, and the methods that publish its events. Safe to use from any thread.</summary>
public sealed partial class AgentContext
{
    private static readonly AsyncLocal<AgentContext?> Ambient = new();

    private readonly TaskStream _stream;
    private readonly StreamManager _streams;
    private readonly long _before;
    private long _droppedLines;
    private readonly TaskFiles _files;
    private readonly SurrogateJoiner _joiner = new();

    internal AgentContext(TaskRecord task, TaskInput input, TaskStream stream, StreamManager streams, TaskFiles files, TimeProvider time)
    {
        Request = task.Request;
        Attempt = task.Epoch;
        Input = input;
        Time = time;
        _stream = stream;
        _streams = streams;
        _before = stream.Head;
        _files = files;
    }

    /// <summary>The run whose asynchronous flow the calling code belongs to; <see langword="null"/> outside of a run.</summary>
    public static AgentContext? Current
    {
        get => Ambient.Value;
        internal set => Ambient.Value = value;
    }

    /// <summary>The request.</summary>
    public TaskRequest Request { get; }

    /// <summary>The input.</summary>
    public TaskInput Input { get; }

    /// <summary>1 for the first run of the task, one more for each run after a restart.</summary>
    public long Attempt { get; }

    /// <summary>The clock to use.</summary>
    public TimeProvider Time { get; }

    /// <summary>The most bytes of an event. Longer text is split into several events; an event without text to split is refused.</summary>
    public int MaxEventBytes => _streams.MaxEventBytes;

    /// <summary>Why the answer ends: <c>stop</c> (default), <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>, or another word of a model's server.</summary>
    public string FinishReason { get; set; } = "stop";

    /// <summary>Fields of the terminal event beside its own: a UTF-8 JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> EndingFields { get; set; }

    /// <summary>The result that <see cref="SetResult"/> stores, as JSON.</summary>
    internal string? Result { get; private set; }

    /// <summary>Sets the result beside the stream, which is stored in the task's record when it ends. The last one counts.</summary>
    /// <param name="result">A text, or anything else that is written as JSON, such as an anonymous object or a <see cref="System.Text.Json.JsonElement"/>.</param>
    /// <exception cref="ArgumentException">It is larger than <see cref="MaxEventBytes"/>.</exception>
    public void SetResult(object result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var json = ToolJson.ToElement(result).GetRawText();
        if (Encoding.UTF8.GetByteCount(json) > MaxEventBytes)
            throw new ArgumentException($"The result has more than {MaxEventBytes} bytes as JSON; save it as a file.", nameof(result));

        Result = json;
    }

    /// <summary>The entries of the task before this attempt: its <c>start</c>, and the events of earlier attempts.</summary>
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

    /// <summary>A cursor that reads the task's own log after the entries of earlier attempts.</summary>
    public StreamCursor Follow() => _streams.Read(Request.Id, _before);

    /// <summary>The options of the request: its metadata (<see cref="TaskRequest.Metadata"/>) as an object. With <c>AddAgent&lt;TRunner, TOptions&gt;</c> they are checked before the task starts.</summary>
    /// <exception cref="AgentException">They are not of this type; the code is <c>invalid_options</c>.</exception>
    public TOptions Options<TOptions>()
        where TOptions : class => (TOptions)OptionsType.Of<TOptions>().Read(Request.Metadata);

    /// <summary>Publishes a piece of the answer. A surrogate pair may be split over two pieces.</summary>
    /// <exception cref="PublishException">The piece was not accepted.</exception>
    public ValueTask OutputAsync(string text, CancellationToken cancellationToken = default) =>
        TextAsync(StreamEventKind.Output, text, default, cancellationToken);

    /// <summary>Publishes a piece of the reasoning.</summary>
    /// <exception cref="PublishException">The piece was not accepted.</exception>
    public ValueTask ThoughtAsync(string text, CancellationToken cancellationToken = default) =>
        TextAsync(StreamEventKind.Thought, text, default, cancellationToken);

    /// <summary>Publishes a piece of the answer or of the reasoning with what belongs to it. The text may be empty.</summary>
    /// <exception cref="PublishException">The piece was not accepted.</exception>
    public ValueTask TextAsync(StreamEventKind kind, string text, TextMetadata metadata, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = _joiner.Join(kind, _author.Value, text);
        return bytes.IsEmpty && metadata.IsEmpty
            ? ValueTask.CompletedTask
            : _stream.PublishAsync(WithAuthor(new(kind, bytes, AgentEvents.Text(metadata))), cancellationToken);
    }

    /// <summary>Publishes a named JSON value for front ends.</summary>
    /// <exception cref="PublishException">The event was not accepted.</exception>
    public ValueTask DataAsync(string name, JsonElement data, CancellationToken cancellationToken = default) =>
        PublishAsync(AgentEvents.Data(name, data), cancellationToken);

    /// <summary>Reports tokens used; the last report counts.</summary>
    /// <exception cref="PublishException">The event was not accepted.</exception>
    public ValueTask UsageAsync(TaskUsage usage, CancellationToken cancellationToken = default) =>
        PublishAsync(TaskEvents.Usage(usage), cancellationToken);

    /// <summary>Publishes an event. Waits while the inbox is full.</summary>
    /// <exception cref="PublishException">The event was not accepted.</exception>
    public ValueTask PublishAsync(StreamEvent streamEvent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        if (streamEvent.Kind is StreamEventKind.Start || streamEvent.Kind.IsTerminal())
            throw new ArgumentException("The host writes start and terminal events; return from the runner or throw instead.", nameof(streamEvent));

        return _stream.PublishAsync(WithAuthor(streamEvent), cancellationToken);
    }

    /// <summary>Publishes a piece of the answer without waiting.</summary>
    /// <returns><see langword="false"/> when the inbox is full or closed.</returns>
    public bool TryOutput(string text) =>
        _joiner.Join(StreamEventKind.Output, _author.Value, text) is not { IsEmpty: false } bytes || TryPublish(new(StreamEventKind.Output, bytes));

    /// <summary>Publishes an event without waiting.</summary>
    /// <returns><see langword="false"/> when the inbox is full or closed.</returns>
    public bool TryPublish(StreamEvent streamEvent) => _stream.TryPublish(WithAuthor(streamEvent));

    /// <summary>Publishes a log line without waiting. When the inbox is full the line is dropped; the number of dropped lines is published with a later line.</summary>
    /// <returns><see langword="false"/> when it was dropped.</returns>
    public bool TryLog(LogLevel level, string category, string line)
    {
        var dropped = Interlocked.Exchange(ref _droppedLines, 0);
        if (dropped > 0 && !_stream.TryPublish(Dropped(dropped)))
            Interlocked.Add(ref _droppedLines, dropped);
        if (TryPublish(AgentEvents.Log(level, category, line)))
            return true;

        Interlocked.Increment(ref _droppedLines);
        return false;
    }

    /// <summary>Waits until all published events are durable.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _stream.FlushAsync(cancellationToken);

    /// <summary>Publishes the number of log lines that were dropped and not reported.</summary>
    internal ValueTask ReportDroppedAsync(CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _droppedLines, 0) is var dropped and > 0 ? _stream.PublishAsync(Dropped(dropped), cancellationToken) : ValueTask.CompletedTask;

    private static StreamEvent Dropped(long lines) => AgentEvents.Log(LogLevel.Warning, "StreamRelay", $"{lines} lines of the log were dropped.");

    internal IReadOnlyList<StreamEvent> LoneSurrogates() => _joiner.TakeRest();
}
