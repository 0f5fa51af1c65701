using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.Protocols.Renderings;

namespace StreamRelay.AspNetCore.Streaming;

/// <summary>The response of a request as the connection of a reader.</summary>
internal static class ResponseConnections
{
    private static readonly TimeSpan DeliveryTime = TimeSpan.FromMilliseconds(250);

    public static ReaderConnection Connect(this HttpContext context)
    {
        SocketTimeout.Set(context);
        return new(context.Response.BodyWriter, context.Abort);
    }

    /// <summary>Leaves the body incomplete after all bytes that were written have been sent, so that no client takes it for complete.</summary>
    /// <exception cref="IncompleteResponseException">Always, except over HTTP/1.0.</exception>
    public static async Task AbortResponseAsync(this HttpContext context)
    {
        var protocol = context.Request.Protocol;

        // Over HTTP/1.1 the missing last chunk shows that the body is incomplete. A reset of HTTP/2 and 3 would overtake the bytes that were just flushed.
        if (!HttpProtocol.IsHttp11(protocol))
            await Task.Delay(DeliveryTime, context.RequestServices.GetRequiredService<TimeProvider>(), CancellationToken.None);
        if (!HttpProtocol.IsHttp10(protocol))
            throw new IncompleteResponseException();

        // The end of an HTTP/1.0 body is the end of the connection: only a reset differs from a clean end.
        context.Abort();
    }
}
