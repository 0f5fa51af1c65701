using Microsoft.Extensions.Logging;

namespace StreamRelay.Agents.Logging;

/// <summary>Publishes log entries as events of the task that the calling code runs in. Logging never waits for the task.</summary>
internal sealed class AgentLogger(string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && AgentContext.Current is not null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.None || AgentContext.Current is not { } context)
            return;

        // The stack trace is left out, because the readers of a task are not always the developers of its agent.
        var line = formatter(state, exception);
        context.TryLog(logLevel, category, exception is null ? line : $"{line} ({exception.GetType().Name}: {exception.Message})");
    }
}
