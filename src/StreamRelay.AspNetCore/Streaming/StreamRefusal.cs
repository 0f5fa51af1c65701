using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.Limits;

namespace StreamRelay.AspNetCore.Streaming;

/// <summary>Answers a request for one more stream than its key, its owner or its address may have open.</summary>
internal static class StreamRefusal
{
    public static Task AnswerAsync(HttpContext context, LimitScope reached)
    {
        context.RequestServices.GetRequiredService<LimitMetrics>().Refuse($"streams_per_{reached.Of}");
        if (SheddedStream.IsWanted(context.Request))
            return SheddedStream.AnswerAsync(context);

        context.Response.Headers.RetryAfter = "5";
        var setting = $"StreamRelay:Limits:StreamsPer{char.ToUpperInvariant(reached.Of[0])}{reached.Of[1..]}";
        return ApiResults.Error(StatusCodes.Status429TooManyRequests, new(
            $"This {reached.Of} has {reached.Limit} open streams ({setting}). Try again when one has ended.", "rate_limit_error", null, "too_many_streams")).ExecuteAsync(context);
    }
}
