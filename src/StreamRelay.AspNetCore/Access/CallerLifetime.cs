using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Ends a request when its credentials end: streams and downloads are cut, uploads and requests that wait are answered with 401.</summary>
internal sealed class CallerLifetime(TimeProvider time)
{
    // The longest delay of a timer is a little less than 50 days.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(49);

    /// <summary>Runs an endpoint. <see cref="HttpContext.RequestAborted"/> is cancelled when the credentials end as well.</summary>
    public Task RunAsync(HttpContext context, RequestDelegate endpoint)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<OutlivesCaller>() is not null)
            return endpoint(context);

        var ended = context.Features.Get<ICallerValidity>()?.Ended ?? CancellationToken.None;
        var expiresAt = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc;
        return ended.CanBeCanceled || expiresAt is not null ? RunAsync(context, endpoint, expiresAt, ended) : endpoint(context);
    }

    private async Task RunAsync(HttpContext context, RequestDelegate endpoint, DateTimeOffset? expiresAt, CancellationToken ended)
    {
        var disconnected = context.RequestAborted;
        using var expired = expiresAt is { } end ? new CancellationTokenSource(Delay(end), time) : null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(disconnected, ended, expired?.Token ?? CancellationToken.None);
        context.RequestAborted = either.Token;
        try
        {
            await endpoint(context);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested || expired?.IsCancellationRequested is true)
        {
            if (context.Response.HasStarted)
                context.Abort();
            else
                await AccessErrors.UnauthorizedAsync(context);
        }
        finally
        {
            context.RequestAborted = disconnected;
        }
    }

    private TimeSpan Delay(DateTimeOffset end)
    {
        var left = end - time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left > LongestDelay ? LongestDelay : left;
    }
}
