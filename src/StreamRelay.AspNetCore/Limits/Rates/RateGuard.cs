using System.Globalization;
using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.AspNetCore.Limits.Rates;

/// <summary>Refuses requests that come too often, and adds the headers of the OpenAI API that say how much of a limit is left.</summary>
internal sealed class RateGuard(RequestRates rates, LimitMetrics metrics)
{
    /// <summary>Runs an endpoint, unless the request comes too often.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate endpoint)
    {
        if (await rates.CountAsync(context) is not { } state || Allow(context, state))
            await endpoint(context);
        else if (SheddedStream.IsWanted(context.Request))
            await SheddedStream.AnswerAsync(context);
        else
            await RefuseAsync(context, state);
    }

    private bool Allow(HttpContext context, RateState state)
    {
        var headers = context.Response.Headers;
        headers["x-ratelimit-limit-requests"] = Number(state.PerMinute);
        headers["x-ratelimit-remaining-requests"] = Number(state.Remaining);
        headers["x-ratelimit-reset-requests"] = $"{Number(state.ResetSeconds)}s";
        if (!state.IsAllowed)
            metrics.Refuse($"requests_per_{state.Of}");

        return state.IsAllowed;
    }

    private static Task RefuseAsync(HttpContext context, RateState state)
    {
        context.Response.Headers.RetryAfter = Number(state.RetrySeconds);
        return ApiResults.Error(StatusCodes.Status429TooManyRequests, new(
            $"More than {state.PerMinute} requests a minute of this {state.Of}. Try again in {Number(state.RetrySeconds)} s.", "rate_limit_error", null, "rate_limit_exceeded")).ExecuteAsync(context);
    }

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);
}
