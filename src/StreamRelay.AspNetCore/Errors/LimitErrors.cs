using System.Globalization;
using Microsoft.AspNetCore.Http;
using StreamRelay.Limits;
using StreamRelay.Runs;

namespace StreamRelay.AspNetCore.Errors;

/// <summary>429: the errors of starts that a limit refuses, with the headers of the OpenAI API.</summary>
internal static class LimitErrors
{
    private const string Type = "rate_limit_error";

    /// <summary>As many tasks wait as may.</summary>
    public static IResult TooManyTasks(HttpContext context, TaskLimitException exception)
    {
        context.Response.Headers.RetryAfter = "5";
        return Refuse(exception.Message, "too_many_tasks");
    }

    /// <summary>The tokens of the day are used up. Clients are told not to try again by themselves, because the day may last for hours.</summary>
    public static IResult TokensUsedUp(HttpContext context, TokenUse use, string message)
    {
        var left = use.ResetsAt - context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var seconds = Math.Max(1, (long)Math.Ceiling(left.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var headers = context.Response.Headers;
        headers.RetryAfter = seconds;
        headers["x-should-retry"] = "false";
        headers["x-ratelimit-limit-tokens"] = use.Limit.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining-tokens"] = "0";
        headers["x-ratelimit-reset-tokens"] = $"{seconds}s";
        return Refuse(message, "token_limit_exceeded");
    }

    private static IResult Refuse(string message, string code) => ApiResults.Error(StatusCodes.Status429TooManyRequests, new(message, Type, null, code));
}
