using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Logs;

/// <summary>What a task's log contains, as far as its record depends on it.</summary>
internal readonly record struct LogSummary(long LastOffset, DateTimeOffset LastTime, long Bytes, long TextBytes, TaskUsage? Usage, StreamEntry? Terminal)
{
    private const int PageEntries = 1024;

    /// <summary>The summary of a log without entries.</summary>
    public static LogSummary Empty { get; } = new(0, default, 0, 0, null, null);

    /// <summary>What the maximum size of a task counts of the events.</summary>
    public long Cost => Bytes + (LastOffset * StreamEvent.Overhead);

    /// <summary>Reads the whole log. A log that does not exist is empty.</summary>
    public static async ValueTask<LogSummary> ReadAsync(IEventLog log, TaskId task, CancellationToken cancellationToken)
    {
        var summary = Empty;
        try
        {
            while (summary.Terminal is null)
            {
                var page = await log.ReadAsync(task, summary.LastOffset, PageEntries, cancellationToken);
                if (page.IsEmpty)
                    break;

                foreach (var entry in page.Span)
                    summary = summary.Add(entry);
            }
        }
        catch (LogNotFoundException)
        {
            return summary;
        }

        return summary;
    }

    /// <summary>The record of a task whose log has a terminal event.</summary>
    public TaskRecord ApplyTo(TaskRecord record)
    {
        var terminal = Terminal!.Value;
        return record with
        {
            State = State(terminal.Event),
            EndedAt = terminal.Time,
            LastOffset = LastOffset,
            Bytes = Bytes,
            Usage = Usage,
            Result = Json(terminal.Event, "result") ?? record.Result,
            Error = terminal.Event.Kind == StreamEventKind.Error ? new(Read(terminal.Event, "code"), Encoding.UTF8.GetString(terminal.Event.Content.Span)) : null,
        };
    }

    private static TaskState State(StreamEvent terminal) =>
        terminal.Kind == StreamEventKind.Error ? TaskState.Failed
        : Read(terminal, "status") == "stopped" ? TaskState.Stopped
        : TaskState.Completed;

    private static string Read(StreamEvent terminal, string name) => Text(terminal, name)!;

    private static string? Text(StreamEvent terminal, string name) =>
        Find(terminal, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static string? Json(StreamEvent terminal, string name) =>
        Find(terminal, name) is { ValueKind: not JsonValueKind.Null } value ? value.GetRawText() : null;

    private static JsonElement? Find(StreamEvent terminal, string name) =>
        JsonElement.Parse(terminal.Metadata.Span).TryGetProperty(name, out var value) ? value : null;

    /// <summary>The usage that has to be appended before the terminal event. An agent that was interrupted may have reported its prompt before it wrote text.</summary>
    /// <param name="input">The input of the task, or <see langword="null"/> when it is unknown.</param>
    /// <returns>A <c>usage</c> event with estimated numbers; <see langword="null"/> when usage was reported.</returns>
    public StreamEvent? FindMissingUsage(TaskInput? input) =>
        Usage is { } reported && (reported.CompletionTokens > 0 || TextBytes == 0)
            ? null
            : TaskEvents.Usage(TaskUsage.Estimate(input?.Content.Length ?? 0, TextBytes));

    /// <summary>The summary of the log with one more entry.</summary>
    public LogSummary Add(in StreamEntry entry)
    {
        var streamEvent = entry.Event;
        return this with
        {
            LastOffset = entry.Offset,
            LastTime = entry.Time,
            Bytes = Bytes + streamEvent.Size,
            TextBytes = TextBytes + (streamEvent.Kind.IsText() && streamEvent.Kind != StreamEventKind.Log ? streamEvent.Content.Length : 0),
            Usage = streamEvent.Kind == StreamEventKind.Usage ? TaskUsage.FromMetadata(streamEvent.Metadata) : Usage,
            Terminal = streamEvent.Kind.IsTerminal() ? entry : null,
        };
    }
}
