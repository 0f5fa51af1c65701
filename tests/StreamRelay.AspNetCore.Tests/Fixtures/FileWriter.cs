using StreamRelay.Agents;

namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>An agent that leaves a file.</summary>
internal sealed class FileWriter : IAgentRunner
{
    public const string Content = "hello";

    /// <summary>The agent <c>writer</c>, whose file is <c>a.txt</c>.</summary>
    public static AgentDefinition Agent { get; } = new("writer", new FileWriter(), new());

    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream("hello"u8.ToArray());
        await context.SaveFileAsync("a.txt", "text/plain", content, cancellationToken);
    }
}
