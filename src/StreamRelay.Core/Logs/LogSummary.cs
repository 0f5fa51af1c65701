using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Logs;

/// <summary>What a task's log says about it: the truth that its record is brought in line with.</summary>
internal sealed record LogSummary(long LastOffset, DateTimeOffset LastTime, long Bytes, long TextBytes, TaskUsage? Usage, StreamEntry? Terminal)
{
    private const int PageEntries = 1024;

    /// <summary>What a log without entries says.</summary>
    public static LogSummary Empty { get; } = new(0, default, 0, 0, null, null);

    /// <summary>Reads the whole log; one that was never written is empty.</summary>
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
            Result = Text(terminal.Event, "result") ?? record.Result,
            Error = terminal.Event.Kind == StreamEventKind.Error ? new(Read(terminal.Event, "code"), Encoding.UTF8.GetString(terminal.Event.Content.Span)) : null,
        };
    }

    private static TaskState State(StreamEvent terminal) =>
        terminal.Kind == StreamEventKind.Error ? TaskState.Failed
        : Read(terminal, "status") == "stopped" ? TaskState.Stopped
        : TaskState.Completed;

    private static string Read(StreamEvent terminal, string name) => Text(terminal, name)!;

    private static string? Text(StreamEvent terminal, string name)
    {
        using var json = JsonDocument.Parse(terminal.Metadata);
        return json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>Whether what was said has to be counted here: an agent that was cut short may have reported before it spoke, and words were paid for in any case.</summary>
    public bool NeedsUsage => Usage is not { } reported || (reported.CompletionTokens == 0 && TextBytes > 0);

    /// <summary>With one more entry.</summary>
    public LogSummary Add(in StreamEntry entry)
    {
        var said = entry.Event;
        return this with
        {
            LastOffset = entry.Offset,
            LastTime = entry.Time,
            Bytes = Bytes + said.Size,
            TextBytes = TextBytes + (said.Kind.IsText() && said.Kind != StreamEventKind.Log ? said.Content.Length : 0),
            Usage = said.Kind == StreamEventKind.Usage ? TaskUsage.FromMetadata(said.Metadata) : Usage,
            Terminal = said.Kind.IsTerminal() ? entry : null,
        };
    }
}
