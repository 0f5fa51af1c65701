using System.Text;
using System.Text.Json;

namespace StreamRelay.Agents.Push;

/// <summary>An agent that runs elsewhere and pushes its events over HTTP: here it only waits for the end.</summary>
/// <param name="sessions">Where requests find the task.</param>
/// <param name="options">How long to wait.</param>
public sealed class PushRunner(PushSessions sessions, PushOptions options) : IAgentRunner
{
    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var session = await sessions.OpenAsync(context, options.IdleTimeout, cancellationToken);
        try
        {
            End(context, await session.Ended.WaitAsync(cancellationToken));
        }
        finally
        {
            sessions.Close(context.Request.Id);
        }
    }

    private static void End(AgentContext context, StreamEvent terminal)
    {
        context.EndingFields = terminal.Metadata;
        if (terminal.Kind == StreamEventKind.Error)
            throw new AgentException(Field(terminal, "code") ?? "agent_failed", terminal.Content.IsEmpty ? "The agent failed." : Encoding.UTF8.GetString(terminal.Content.Span));

        context.FinishReason = Field(terminal, "finish_reason") ?? context.FinishReason;
    }

    private static string? Field(StreamEvent terminal, string name) =>
        !terminal.Metadata.IsEmpty && JsonElement.Parse(terminal.Metadata.Span).TryGetProperty(name, out var value) ? value.GetString() : null;
}
