using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Tutorial;

/// <summary>The events that earlier attempts published. A new attempt does not publish them, or ask a model for their text, again.</summary>
internal sealed class TutorialHistory
{
    private readonly StringBuilder _text = new();
    private readonly List<int> _chapterEnds = [];

    /// <summary>The outline, or <see langword="null"/> when none was published yet.</summary>
    public TutorialOutline? Outline { get; private set; }

    /// <summary>The text that was published.</summary>
    public string Text => _text.ToString();

    /// <summary>The position in the text at which each finished chapter ends.</summary>
    public IReadOnlyList<int> ChapterEnds => _chapterEnds;

    /// <summary>The number of chapters that were begun.</summary>
    public int BegunChapters { get; private set; }

    /// <summary>Whether the file was saved.</summary>
    public bool HasFile { get; private set; }

    /// <summary>The tokens reported so far, or <see langword="null"/>.</summary>
    public TaskUsage? Usage { get; private set; }

    public static async Task<TutorialHistory> ReadAsync(AgentContext context, CancellationToken cancellationToken)
    {
        var history = new TutorialHistory();
        await foreach (var entry in context.HistoryAsync(cancellationToken))
            history.Add(entry.Event);

        return history;
    }

    private void Add(StreamEvent streamEvent)
    {
        switch (streamEvent.Kind)
        {
            case StreamEventKind.Output:
                _text.Append(Encoding.UTF8.GetString(streamEvent.Content.Span));
                break;
            case StreamEventKind.Data:
                Outline = JsonElement.Parse(streamEvent.Metadata.Span).GetProperty("data").Deserialize(TutorialJson.Default.TutorialOutline);
                break;
            case StreamEventKind.StepStart:
                BegunChapters++;
                break;
            case StreamEventKind.StepEnd:
                _chapterEnds.Add(_text.Length);
                break;
            case StreamEventKind.File:
                HasFile = true;
                break;
            case StreamEventKind.Usage:
                Usage = TaskUsage.FromMetadata(streamEvent.Metadata);
                break;
        }
    }
}
