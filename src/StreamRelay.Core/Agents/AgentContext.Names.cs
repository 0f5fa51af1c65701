using StreamRelay.Events;

namespace StreamRelay.Agents;

/// <content>Several agents that share one task.</content>
public sealed partial class AgentContext
{
    private readonly AsyncLocal<string?> _author = new();

    /// <summary>Publishes what follows in this asynchronous flow under the name of another agent of the task, until the returned object is disposed. Agents that run at the same time have a flow each.</summary>
    public IDisposable As(string agent)
    {
        ArgumentException.ThrowIfNullOrEmpty(agent);
        var before = new AuthorScope(_author, _author.Value);
        _author.Value = agent;
        return before;
    }

    private StreamEvent WithAuthor(StreamEvent streamEvent) =>
        streamEvent.Agent is null && _author.Value is { } author ? streamEvent with { Agent = author } : streamEvent;

    private sealed class AuthorScope(AsyncLocal<string?> author, string? before) : IDisposable
    {
        public void Dispose() => author.Value = before;
    }
}
