using System.Net;
using System.Runtime.ExceptionServices;
using StreamRelay.Client.Errors;

namespace StreamRelay.Client.Http;

/// <summary>Counts the failures since the last progress, and waits after each of them.</summary>
internal sealed class Retries(RetryPolicy policy)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    private static readonly HttpStatusCode[] TransientStatuses =
    [
        HttpStatusCode.RequestTimeout, HttpStatusCode.TooManyRequests, HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable, HttpStatusCode.GatewayTimeout,
    ];

    private int _failures;
    private long _since;

    /// <summary>How long to wait after the first failure; a server sets it with <c>retry:</c>.</summary>
    public TimeSpan Delay { get; set; } = FirstDelay;

    /// <summary>Whether the same request can succeed later. A start has an idempotency key, and every other request can be repeated.</summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        RelayException { StatusCode: { } status } => TransientStatuses.Contains(status),
        HttpRequestException http => http.HttpRequestError is not HttpRequestError.SecureConnectionError,
        IOException or TimeoutException or TaskCanceledException { InnerException: TimeoutException } => true,
        _ => false,
    };

    /// <summary>There was progress: the next failure is the first one again.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Waits before the request is repeated: longer after each failure, never shorter than the server asks, and by a random part longer, so that clients do not come back together.</summary>
    /// <exception cref="RelayException">The next try would come after the progress timeout, and the server answered with a refusal.</exception>
    /// <exception cref="RelayConnectionException">The same, and the server was not reached.</exception>
    public async Task WaitAsync(Exception failure, CancellationToken cancellationToken)
    {
        // A request that is cancelled can fail in other ways than by its cancellation.
        cancellationToken.ThrowIfCancellationRequested();
        if (_failures++ == 0)
            _since = policy.Time.GetTimestamp();

        var delay = Next(failure);
        if (policy.Time.GetElapsedTime(_since) + delay > policy.ProgressTimeout)
            GiveUp(failure);

        await Task.Delay(delay, policy.Time, cancellationToken);
    }

    private void GiveUp(Exception failure)
    {
        if (failure is RelayException)
            ExceptionDispatchInfo.Throw(failure);

        throw new RelayConnectionException($"There was no progress for {policy.ProgressTimeout}: {failure.Message}", failure);
    }

    private TimeSpan Next(Exception failure)
    {
        var longest = Delay > policy.MaxDelay ? Delay : policy.MaxDelay;
        var backoff = TimeSpan.FromTicks((long)Math.Min(longest.Ticks, Delay.Ticks * Math.Pow(2, _failures - 1)));
        var wanted = (failure as RelayException)?.RetryAfter ?? TimeSpan.Zero;
        return (wanted > backoff ? wanted : backoff) * (1 + (Random.Shared.NextDouble() / 4));
    }
}
