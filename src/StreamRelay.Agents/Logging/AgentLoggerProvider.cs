using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace StreamRelay.Agents.Logging;

/// <summary>Publishes the log entries of a run, those of library code included, as <c>log</c> events of the run's task.
/// Entries that are logged outside of a run are discarded. Levels and categories are set as for any provider, under <c>Logging:Agent:LogLevel</c>;
/// default: Information, without the categories <c>Microsoft</c> and <c>System</c>.</summary>
[ProviderAlias("Agent")]
public sealed class AgentLoggerProvider : ILoggerProvider
{
    private const string OwnCategories = "StreamRelay.";

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);

        // Publishing writes log entries too; publishing these would never end.
        return categoryName.StartsWith(OwnCategories, StringComparison.Ordinal) ? NullLogger.Instance : new AgentLogger(categoryName);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
