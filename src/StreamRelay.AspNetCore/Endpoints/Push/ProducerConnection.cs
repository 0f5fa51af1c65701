using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>A producer that sends lines for as long as it likes: it keeps its task alive, and its body ends with the task, or with
/// the server.</summary>
internal sealed class ProducerConnection : IAsyncDisposable
{
    private readonly PushLines _lines;
    private readonly StreamCursor _cursor;
    private readonly IDisposable _alive;
    private readonly CancellationTokenRegistration _stopping;
    private readonly CancellationTokenSource _closed = new();
    private readonly Task<bool> _ended;

    /// <summary>Opens the connection.</summary>
    /// <param name="lines">The lines of the body.</param>
    /// <param name="cursor">Reads the end of the task. It is disposed with the connection.</param>
    /// <param name="alive">Keeps the task alive until it is disposed.</param>
    /// <param name="stopping">The server shuts down.</param>
    public ProducerConnection(PushLines lines, StreamCursor cursor, IDisposable alive, CancellationToken stopping)
    {
        _lines = lines;
        _cursor = cursor;
        _alive = alive;
        _stopping = stopping.Register(lines.Cancel);
        _ended = CancelAtEndAsync();
    }

    /// <summary>Leaves the body to its producer.</summary>
    /// <returns>Whether the task has ended.</returns>
    public async ValueTask<bool> CloseAsync()
    {
        await _closed.CancelAsync();
        return await _ended;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _stopping.DisposeAsync();
        _alive.Dispose();
        _cursor.Dispose();
        _closed.Dispose();
    }

    private async Task<bool> CancelAtEndAsync()
    {
        try
        {
            while (!_cursor.IsCompleted)
                await _cursor.ReadAsync(_closed.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return false;
        }

        _lines.Cancel();
        return true;
    }
}
