using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Streaming;

/// <summary>The headers of every stream.</summary>
internal static class SseHeaders
{
    public static void Write(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}
