using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using StreamRelay.Storage;

namespace StreamRelay.Agents.Tutorial;

/// <summary>Writes a tutorial on a topic: an outline, then chapter by chapter, then the whole as one Markdown file. What is streamed is what is in the file.</summary>
/// <param name="model">The model to ask, or <see langword="null"/> to write without one.</param>
/// <param name="options">How to write.</param>
public sealed class TutorialRunner(IChatClient? model, IOptions<TutorialOptions> options) : IAgentRunner
{
    private const int LongestTopic = 4000;
    private const string DefaultLanguage = "English";

    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var topic = context.Input.LastUserText() ?? throw new AgentException("invalid_input", "Say in the last user message what the tutorial is to be about.");
        if (topic.Length > LongestTopic)
            throw new AgentException("invalid_input", $"The topic is longer than {LongestTopic} characters.");

        var language = Language(context.Request);
        ITutorialAuthor author = model is null
            ? new OfflineAuthor(topic, language, options.Value.OfflinePause, context.Time)
            : new ModelAuthor(model, topic, language);
        try
        {
            await WriteAsync(context, author, cancellationToken);
        }
        finally
        {
            if (author.Usage is { } usage)
                await context.UsageAsync(usage, CancellationToken.None);
        }
    }

    private static async Task WriteAsync(AgentContext context, ITutorialAuthor author, CancellationToken cancellationToken)
    {
        await context.ThoughtAsync("Planning the chapters.\n", cancellationToken);
        var outline = await author.PlanAsync(cancellationToken);
        await context.DataAsync("outline", JsonSerializer.SerializeToElement(outline, TutorialJson.Default.TutorialOutline), cancellationToken);

        var document = new StringBuilder();
        await SayAsync(context, document, $"# {outline.Title}\n", cancellationToken);
        for (var chapter = 0; chapter < outline.Chapters.Count; chapter++)
            await WriteChapterAsync(context, author, outline, chapter, document, cancellationToken);

        var name = FileName.FromTitle(outline.Title, ".md");
        await context.SaveFileAsync(name, "text/markdown; charset=utf-8", new MemoryStream(Encoding.UTF8.GetBytes(document.ToString())), cancellationToken);
    }

    private static async Task WriteChapterAsync(
        AgentContext context, ITutorialAuthor author, TutorialOutline outline, int chapter, StringBuilder document, CancellationToken cancellationToken)
    {
        var title = outline.Chapters[chapter].Title;
        var step = $"chapter-{chapter + 1}";
        await context.StepStartAsync(step, title, cancellationToken);
        await context.ThoughtAsync($"Writing chapter {chapter + 1} of {outline.Chapters.Count}: {title}.\n", cancellationToken);
        await SayAsync(context, document, $"\n## {title}\n\n", cancellationToken);
        await foreach (var piece in author.WriteAsync(outline, chapter, cancellationToken))
            await SayAsync(context, document, piece, cancellationToken);

        await SayAsync(context, document, "\n", cancellationToken);
        await context.StepEndAsync(step, title, cancellationToken);
    }

    private static ValueTask SayAsync(AgentContext context, StringBuilder document, string piece, CancellationToken cancellationToken)
    {
        document.Append(piece);
        return context.OutputAsync(piece, cancellationToken);
    }

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
