namespace StreamRelay.Agents;

/// <summary>A failure whose code and message are shown to readers. Any other exception is shown as <c>agent_failed</c> without its message.</summary>
/// <param name="code">A stable code, such as <c>model_unavailable</c>.</param>
/// <param name="message">Safe to show to the user.</param>
/// <param name="inner">The cause, for the log only.</param>
public sealed class AgentException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The code in the <c>error</c> event.</summary>
    public string Code { get; } = code;
}
