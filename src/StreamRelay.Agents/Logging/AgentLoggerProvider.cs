using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace StreamRelay.Agents.Logging;

/// <summary>Puts what an agent's async flow logs, library code included, into its own task's stream as <c>log</c> events, and into no other's.
/// What is logged outside of a run goes nowhere. Levels and categories are set as for any provider, under <c>Logging:Agent:LogLevel</c>;
/// default: Information, without the categories <c>Microsoft</c> and <c>System</c>.</summary>
[ProviderAlias("Agent")]
public sealed class AgentLoggerProvider : ILoggerProvider
{
    private const string Own = "StreamRelay.";

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);

        // What publishing itself logs would be published, and so on for ever.
        return categoryName.StartsWith(Own, StringComparison.Ordinal) ? NullLogger.Instance : new AgentLogger(categoryName);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
