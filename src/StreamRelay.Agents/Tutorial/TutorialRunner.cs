using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using StreamRelay.Conversations;
using StreamRelay.Events;
using StreamRelay.Files;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Tutorial;

/// <summary>Writes a tutorial on a topic: an outline, the chapters, and a Markdown file with the same text as the output.</summary>
/// <param name="model">The language model, or <see langword="null"/> to write without one.</param>
/// <param name="options">The options of the tutorial agent.</param>
public sealed class TutorialRunner(IChatClient? model, IOptions<TutorialOptions> options) : IAgentRunner, IInputCheck
{
    private const int MaxTopicLength = 4000;
    private const string DefaultLanguage = "English";

    /// <inheritdoc/>
    public ValueTask<InputReport> CheckAsync(TaskInput input, CancellationToken cancellationToken) => new(InputReport.RequireUserText(input));

    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Input.LastUserText() ?? throw new AgentException("invalid_input", "The last user message must name the topic of the tutorial.");
        var topic = TutorialTopic.FromRequest(request);
        if (topic.Length > MaxTopicLength)
            throw new AgentException("invalid_input", $"The topic is longer than {MaxTopicLength} characters.");

        var language = Language(context.Request);
        var history = await TutorialHistory.ReadAsync(context, cancellationToken);
        ITutorialAuthor author = model is null
            ? new OfflineAuthor(topic, language, options.Value.OfflinePause, context.Time)
            : new ModelAuthor(model, topic, language, history.Usage);
        try
        {
            await WriteAsync(context, author, history, cancellationToken);
        }
        finally
        {
            await ReportAsync(context, author);
        }
    }

    private static async Task WriteAsync(AgentContext context, ITutorialAuthor author, TutorialHistory history, CancellationToken cancellationToken)
    {
        var outline = history.Outline ?? await PlanAsync(context, author, cancellationToken);
        var document = new TutorialDocument(context, history);
        await document.WriteAsync($"# {outline.Title}\n", cancellationToken);
        for (var chapter = 0; chapter < outline.Chapters.Count; chapter++)
        {
            if (chapter < history.ChapterEnds.Count)
                document.AppendPublished(history.ChapterEnds[chapter]);
            else
                await WriteChapterAsync(context, author, outline, chapter, document, isBegun: chapter < history.BegunChapters, cancellationToken);
        }

        if (!history.HasFile)
            await context.SaveFileAsync(FileName.FromTitle(outline.Title, ".md"), "text/markdown; charset=utf-8", new MemoryStream(document.ToBytes()), cancellationToken);
    }

    private static async Task<TutorialOutline> PlanAsync(AgentContext context, ITutorialAuthor author, CancellationToken cancellationToken)
    {
        await context.ThoughtAsync("Planning the chapters.\n", cancellationToken);
        var outline = await author.PlanAsync(cancellationToken);
        await context.DataAsync("outline", JsonSerializer.SerializeToElement(outline, TutorialJson.Default.TutorialOutline), cancellationToken);
        return outline;
    }

    private static async Task WriteChapterAsync(
        AgentContext context, ITutorialAuthor author, TutorialOutline outline, int chapter, TutorialDocument document, bool isBegun, CancellationToken cancellationToken)
    {
        var title = outline.Chapters[chapter].Title;
        var step = $"chapter-{chapter + 1}";
        if (!isBegun)
        {
            await context.PublishAsync(AgentEvents.Step(StreamEventKind.StepStart, step, title), cancellationToken);
            await context.ThoughtAsync($"Writing chapter {chapter + 1} of {outline.Chapters.Count}: {title}.\n", cancellationToken);
        }

        await document.WriteAsync($"\n## {title}\n\n", cancellationToken);
        await foreach (var piece in author.WriteAsync(outline, chapter, document.AppendPublished(), cancellationToken))
            await document.WriteAsync(piece, cancellationToken);

        await document.WriteAsync("\n", cancellationToken);
        await ReportAsync(context, author);
        await context.PublishAsync(AgentEvents.Step(StreamEventKind.StepEnd, step, title), cancellationToken);
    }

    /// <summary>Reports the usage so far. It is reported after each chapter, so that the usage of an interrupted run is known.</summary>
    private static ValueTask ReportAsync(AgentContext context, ITutorialAuthor author) =>
        author.Usage is { } usage ? context.UsageAsync(usage, CancellationToken.None) : ValueTask.CompletedTask;

    private static string Language(TaskRequest request)
    {
        if (request.Metadata.IsEmpty)
            return DefaultLanguage;

        using var json = JsonDocument.Parse(request.Metadata);
        return json.RootElement.TryGetProperty("language", out var language) && language.ValueKind == JsonValueKind.String && language.GetString() is { Length: > 0 and <= 100 } text
            ? text
            : DefaultLanguage;
    }
}
