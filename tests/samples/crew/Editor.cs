using System.Text;
using StreamRelay.Agents;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace Crew;

/// <summary>The agent that clients start. It hands the work to a researcher, who uses a tool, and to a writer, who makes a file.</summary>
internal sealed class Editor(Library library) : IAgentRunner, IInputCheck
{
    public ValueTask<InputReport> CheckAsync(TaskInput input, CancellationToken cancellationToken) => new(InputReport.RequireUserText(input));

    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        var subject = context.Input.LastUserText()!;
        await context.ThoughtAsync($"An article about {subject}. ", cancellationToken);
        var facts = await ResearchAsync(context, subject, cancellationToken);
        await WriteAsync(context, subject, facts, cancellationToken);
    }

    private async Task<IReadOnlyList<string>> ResearchAsync(AgentContext context, string subject, CancellationToken cancellationToken)
    {
        using var author = context.As("researcher");
        await using var step = await context.StepAsync("Research", cancellationToken);
        var numbers = Enumerable.Range(1, context.Options<EditorOptions>().Facts);

        // The calls run at the same time; each is published with its own result.
        return await Task.WhenAll(numbers.Select(number => context.ToolAsync(
            "find_fact", new { subject, number }, token => library.FindAsync(subject, number, token), cancellationToken)));
    }

    private static async Task WriteAsync(AgentContext context, string subject, IReadOnlyList<string> facts, CancellationToken cancellationToken)
    {
        using var author = context.As("writer");
        await using var file = context.CreateFile("article.md", "text/markdown");
        await file.WriteAsync(Encoding.UTF8.GetBytes($"# {subject}\n"), cancellationToken);
        foreach (var fact in facts)
        {
            await context.OutputAsync(fact + " ", cancellationToken);
            await file.WriteAsync(Encoding.UTF8.GetBytes($"\n{fact}\n"), cancellationToken);
        }

        await file.CompleteAsync(cancellationToken);
    }
}
