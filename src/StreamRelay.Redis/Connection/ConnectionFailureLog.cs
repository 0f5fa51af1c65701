using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace StreamRelay.Redis.Connection;

/// <summary>Keeps the last exception that StackExchange.Redis logs, or the one that says why TLS failed: its exception for a failed connection does not contain the cause.</summary>
internal sealed class ConnectionFailureLog : ILoggerFactory, ILogger
{
    private volatile Exception? _last;

    public Exception? Last => _last;

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // The connection that is given up after a refused certificate is logged too, and would hide the reason.
        if (exception is not null && _last?.GetBaseException() is not AuthenticationException)
            _last = exception;
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
