using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace StreamRelay.Redis.Connection;

/// <summary>Keeps the exception that says why a connection failed, among those that StackExchange.Redis logs: its own exception does not contain the cause.</summary>
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
        // A connection that is given up after its failure is logged again, and that would hide the reason.
        if (exception is not null && (_last is not { } last || Weight(last) == 0 || Weight(exception) > Weight(last)))
            _last = exception;
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private static int Weight(Exception exception) => exception.GetBaseException() switch
    {
        AuthenticationException => 2,
        SocketException => 1,
        _ => 0,
    };
}
