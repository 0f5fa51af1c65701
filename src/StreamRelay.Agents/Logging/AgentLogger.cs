using Microsoft.Extensions.Logging;

namespace StreamRelay.Agents.Logging;

/// <summary>Says what is logged in the task that the calling code runs in. Never waits.</summary>
internal sealed class AgentLogger(string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && AgentContext.Current is not null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.None || AgentContext.Current is not { } context)
            return;

        // The type and the message, not the stack: readers of the task are not always those who wrote the agent.
        var line = formatter(state, exception);
        context.TryLog(logLevel, category, exception is null ? line : $"{line} ({exception.GetType().Name}: {exception.Message})");
    }
}
