using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Tutorial;

/// <summary>What earlier attempts at a tutorial have said: it is not said, and no model is asked for it, again.</summary>
internal sealed class TutorialHistory
{
    private readonly StringBuilder _text = new();
    private readonly List<int> _chapterEnds = [];

    /// <summary>The outline, or <see langword="null"/> when there is none yet.</summary>
    public TutorialOutline? Outline { get; private set; }

    /// <summary>All text so far.</summary>
    public string Text => _text.ToString();

    /// <summary>Where each finished chapter ends in the text.</summary>
    public IReadOnlyList<int> ChapterEnds => _chapterEnds;

    /// <summary>How many chapters were begun.</summary>
    public int BegunChapters { get; private set; }

    /// <summary>Whether the file was saved.</summary>
    public bool HasFile { get; private set; }

    /// <summary>Tokens reported so far, or <see langword="null"/>.</summary>
    public TaskUsage? Usage { get; private set; }

    public static async Task<TutorialHistory> ReadAsync(AgentContext context, CancellationToken cancellationToken)
    {
        var history = new TutorialHistory();
        await foreach (var entry in context.HistoryAsync(cancellationToken))
            history.Add(entry.Event);

        return history;
    }

    private void Add(StreamEvent said)
    {
        switch (said.Kind)
        {
            case StreamEventKind.Output:
                _text.Append(Encoding.UTF8.GetString(said.Content.Span));
                break;
            case StreamEventKind.Data:
                Outline = JsonElement.Parse(said.Metadata.Span).GetProperty("data").Deserialize(TutorialJson.Default.TutorialOutline);
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
                Usage = TaskUsage.FromMetadata(said.Metadata);
                break;
        }
    }
}
