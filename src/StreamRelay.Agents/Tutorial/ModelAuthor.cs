using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Tutorial;

/// <summary>Writes a tutorial with a language model.</summary>
internal sealed class ModelAuthor(IChatClient model, string topic, string language, TaskUsage? earlierUsage) : ITutorialAuthor
{
    private const string Form = """{"title":"…","chapters":[{"title":"…","sections":["…","…"]}]}""";

    private long _promptTokens = earlierUsage?.PromptTokens ?? 0;
    private long _completionTokens = earlierUsage?.CompletionTokens ?? 0;

    public TaskUsage? Usage => _promptTokens + _completionTokens > 0 ? new(_promptTokens, _completionTokens, false) : null;

    public async Task<TutorialOutline> PlanAsync(CancellationToken cancellationToken)
    {
        List<ChatMessage> messages =
        [
            new(ChatRole.System, $"You plan tutorials. Answer with one JSON object and nothing else, of this form: {Form}"),
            new(ChatRole.User, $"Plan a tutorial about: {topic}\nWrite it in {language}. Three to six chapters with two to five sections each."),
        ];
        var answer = await AskAsync(messages, cancellationToken);
        if (OutlineParser.Parse(answer, out var fault) is { } outline)
            return outline;

        messages.Add(new(ChatRole.Assistant, answer.Length > 0 ? answer : "(nothing)"));
        messages.Add(new(ChatRole.User, $"That cannot be used: {fault}. Answer again with only the JSON object: {Form}"));
        return OutlineParser.Parse(await AskAsync(messages, cancellationToken), out fault)
            ?? throw new AgentException("bad_outline", $"The model gave no usable outline, also when asked again: {fault}.");
    }

    public async IAsyncEnumerable<string> WriteAsync(TutorialOutline outline, int chapter, string begun, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = outline.Chapters[chapter];
        List<ChatMessage> messages =
        [
            new(ChatRole.System, $"You write one chapter of a tutorial in {language}, as Markdown. Use ### for sections. Do not repeat the chapter's title and add nothing around the text."),
            new(ChatRole.User, $"Tutorial: {outline.Title}\nAll chapters: {string.Join("; ", outline.Chapters.Select(other => other.Title))}\nWrite the chapter: {plan.Title}\nIts sections: {string.Join("; ", plan.Sections)}"),
        ];
        if (begun.Length > 0)
        {
            messages.Add(new(ChatRole.Assistant, begun));
            messages.Add(new(ChatRole.User, "You were interrupted. Go on exactly where you stopped, in the middle of the word if need be. Repeat nothing, and say nothing about the interruption."));
        }

        var isEmpty = begun.Length == 0;
        var reason = ChatFinishReason.Stop;
        await foreach (var update in model.GetStreamingResponseAsync(messages, cancellationToken: cancellationToken))
        {
            Count(update);
            reason = update.FinishReason ?? reason;
            if (update.Text.Length > 0)
                yield return update.Text;

            isEmpty &= string.IsNullOrWhiteSpace(update.Text);
        }

        if (isEmpty)
            throw new AgentException("model_incomplete", $"The model wrote nothing for the chapter '{plan.Title}'.");
        if (reason != ChatFinishReason.Stop)
            throw new AgentException("model_incomplete", $"The model did not finish the chapter '{plan.Title}' ({reason.Value}).");
    }

    private async Task<string> AskAsync(List<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var answer = "";
        await foreach (var update in model.GetStreamingResponseAsync(messages, cancellationToken: cancellationToken))
        {
            Count(update);
            answer += update.Text;
        }

        return answer;
    }

    private void Count(ChatResponseUpdate update)
    {
        foreach (var usage in update.Contents.OfType<UsageContent>())
        {
            _promptTokens += usage.Details.InputTokenCount ?? 0;
            _completionTokens += usage.Details.OutputTokenCount ?? 0;
        }
    }
}
