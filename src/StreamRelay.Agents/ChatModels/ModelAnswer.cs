using Microsoft.Extensions.AI;

namespace StreamRelay.Agents.ChatModels;

/// <summary>An answer that is being streamed, with a limit on the wait for its next piece.</summary>
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

    /// <exception cref="TimeoutException">Nothing arrived within <paramref name="timeout"/>; the request is cancelled.</exception>
    public async ValueTask<bool> MoveNextAsync(TimeSpan timeout, TimeProvider time)
    {
        // Asynchronous disposal waits for a callback that is running, which would otherwise cancel a disposed source.
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
            throw new TimeoutException("The model sent nothing in time.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _givenUp.CancelAsync();
        await Updates.DisposeAsync();
        _givenUp.Dispose();
    }
}
