using Microsoft.Extensions.AI;

namespace StreamRelay.Agents.ChatModels;

/// <summary>One answer on its way, whose next piece may take only so long.</summary>
internal sealed class ModelAnswer : IAsyncDisposable
{
    private readonly CancellationTokenSource _givenUp;
    private volatile bool _isLate;

    public ModelAnswer(IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        _givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Updates = client.GetStreamingResponseAsync(messages, options, _givenUp.Token).GetAsyncEnumerator(_givenUp.Token);
    }

    public IAsyncEnumerator<ChatResponseUpdate> Updates { get; }

    public bool HasFirst { get; set; }

    /// <exception cref="TimeoutException">Nothing came in time; the request is given up.</exception>
    public async ValueTask<bool> MoveNextAsync(TimeSpan timeout, TimeProvider time)
    {
        // Disposed of in the asynchronous way, which waits for a timer that is just going off: it must not meet a source already disposed of.
        await using var timer = time.CreateTimer(_ =>
        {
            _isLate = true;
            _givenUp.Cancel();
        }, null, timeout, Timeout.InfiniteTimeSpan);
        try
        {
            return await Updates.MoveNextAsync();
        }
        catch (Exception exception) when (_isLate)
        {
            throw new TimeoutException("The model is silent.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _givenUp.CancelAsync();
        await Updates.DisposeAsync();
        _givenUp.Dispose();
    }
}
