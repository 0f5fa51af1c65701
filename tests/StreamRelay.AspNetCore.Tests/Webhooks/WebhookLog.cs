using Microsoft.Extensions.Logging;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Keeps every line that is logged, and lets a test wait for one.</summary>
internal sealed class WebhookLog : ILoggerProvider, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public int Count(string text) => Lines.Count(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Waits until so many lines hold the text.</summary>
    public async Task WhenAsync(string text, int count = 1)
    {
        while (true)
        {
            Task written;
            lock (_gate)
                written = _written.Task;
            if (Count(text) >= count)
                return;

            await written.WaitAsync(Testing.Relay.Deadline);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _lines.Add($"{logLevel}: {formatter(state, exception)} {exception}");
            _written.SetResult();
            _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Dispose()
    {
    }
}
