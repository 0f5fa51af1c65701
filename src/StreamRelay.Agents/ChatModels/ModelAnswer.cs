using Microsoft.Extensions.AI;

namespace StreamRelay.Agents.ChatModels;

/// <summary>A streamed answer with a limit on the wait for each piece.</summary>
internal sealed class ModelAnswer : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancellation;
    private volatile bool _isLate;

    public ModelAnswer(IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Updates = client.GetStreamingResponseAsync(messages, options, _cancellation.Token).GetAsyncEnumerator(_cancellation.Token);
    }

    public IAsyncEnumerator<ChatResponseUpdate> Updates { get; }

    public bool HasFirst { get; set; }

    /// <exception cref="TimeoutException">No piece arrived within <paramref name="timeout"/>; the request is cancelled.</exception>
    public async ValueTask<bool> MoveNextAsync(TimeSpan timeout, TimeProvider time)
    {
        // Asynchronous disposal waits for a running callback. Without the wait the callback could cancel a disposed source.
        await using var timer = time.CreateTimer(_ =>
        {
            _isLate = true;
            _cancellation.Cancel();
        }, null, timeout, Timeout.InfiniteTimeSpan);
        try
        {
            return await Updates.MoveNextAsync();
        }
        catch (Exception exception) when (_isLate)
        {
            throw new TimeoutException("The model sent nothing in time.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cancellation.CancelAsync();
        await Updates.DisposeAsync();
        _cancellation.Dispose();
    }
}
