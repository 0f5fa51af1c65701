using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>The answer to an <c>EventSource</c> that is not served now: an empty stream that makes it come again later. To any error status it would never come again.</summary>
internal static class SheddedStream
{
    private const string EventStream = "text/event-stream";
    private static readonly byte[] Later = "retry: 10000\n\n"u8.ToArray();

    /// <summary>Whether the request is one that an <c>EventSource</c> makes.</summary>
    public static bool IsWanted(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Equals(EventStream, StringComparison.OrdinalIgnoreCase);

    public static Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = EventStream;
        context.Response.Headers.CacheControl = "no-store, no-transform";
        return context.Response.Body.WriteAsync(Later, context.RequestAborted).AsTask();
    }
}
