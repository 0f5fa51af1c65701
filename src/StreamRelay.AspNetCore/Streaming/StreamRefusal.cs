using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Limits;

namespace StreamRelay.AspNetCore.Streaming;

/// <summary>Answers a request for one more stream than its owner may have open.</summary>
internal static class StreamRefusal
{
    public static Task AnswerAsync(HttpContext context)
    {
        context.RequestServices.GetRequiredService<LimitMetrics>().Refuse("streams_per_owner");
        if (SheddedStream.IsWanted(context.Request))
            return SheddedStream.AnswerAsync(context);

        context.Response.Headers.RetryAfter = "5";
        return ApiResults.Error(StatusCodes.Status429TooManyRequests, new(
            $"This owner has {context.RequestServices.GetRequiredService<OpenStreams>().Limit} open streams (StreamRelay:Limits:StreamsPerOwner). Try again when one has ended.",
            "rate_limit_error", null, "too_many_streams")).ExecuteAsync(context);
    }
}
