using Microsoft.Extensions.Logging;

namespace StreamRelay.Storage.Inspection;

/// <summary>Collects the warnings and errors of a part of the store as findings.</summary>
internal sealed class FindingLogger<T>(List<string> findings) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            findings.Add(formatter(state, exception) + ".");
    }
}
