using System.Net;
using System.Net.ServerSentEvents;
using StreamRelay.Client.Http;

namespace StreamRelay.Client.Events;

/// <summary>One response with the events of a task.</summary>
internal sealed class EventConnection : IAsyncDisposable
{
    // A connection that a proxy cuts at once does not last as long.
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(5);

    private readonly HttpResponseMessage _answer;
    private readonly WatchedStream _body;
    private readonly RetryPolicy _policy;
    private readonly SseParser<string> _parser;
    private readonly IAsyncEnumerator<SseItem<string>> _frames;
    private readonly long _openedAt;

    private EventConnection(HttpResponseMessage answer, Stream body, RetryPolicy policy, CancellationToken cancellationToken)
    {
        _answer = answer;
        _policy = policy;
        _body = new(body, policy);
        _parser = SseParser.Create(_body);
        _frames = _parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        _openedAt = policy.Time.GetTimestamp();
    }

    /// <summary>How long the server asks to wait before the next connection; <see langword="null"/> when it does not ask.</summary>
    public TimeSpan? Retry => _parser.ReconnectionInterval > TimeSpan.Zero ? _parser.ReconnectionInterval : null;

    /// <summary>Whether heartbeats came over it for a while.</summary>
    public bool WasStable => _policy.Time.GetElapsedTime(_openedAt, _body.LastRead) >= Stable;

    /// <summary>Asks for the events after a position.</summary>
    /// <returns><see langword="null"/> when there are none, and there will be none: the task has ended.</returns>
    public static async Task<EventConnection?> OpenAsync(RelayConnection connection, string taskId, string? after, CancellationToken cancellationToken)
    {
        using var request = connection.Create(HttpMethod.Get, $"v1/tasks/{Uri.EscapeDataString(taskId)}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (after is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", after);

        var answer = await connection.SendOnceAsync(request, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.NoContent && answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
            return new(answer, await answer.Content.ReadAsStreamAsync(cancellationToken), connection.Policy, cancellationToken);

        using (answer)
            return answer.StatusCode == HttpStatusCode.NoContent ? null : throw RelayConnection.NotTheProtocol(answer);
    }

    /// <summary>The next whole frame.</summary>
    /// <returns><see langword="null"/> when the response has ended.</returns>
    public async ValueTask<SseItem<string>?> ReadAsync() => await _frames.MoveNextAsync() ? _frames.Current : null;

    public async ValueTask DisposeAsync()
    {
        // The body is closed first: a read that is abandoned would go on.
        _answer.Dispose();
        await _body.DisposeAsync();
        try
        {
            await _frames.DisposeAsync();
        }
        catch (NotSupportedException)
        {
            // A read that timed out is still counted as running.
        }
    }
}
