using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Access;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.AspNetCore.Streaming;

/// <summary>What every streaming response needs of its connection.</summary>
internal static class StreamConnections
{
    private static readonly TimeSpan Delivery = TimeSpan.FromMilliseconds(50);

    /// <summary>The response as a place for a reader's bytes.</summary>
    public static ReaderConnection Connect(this HttpContext context)
    {
        var lease = context.Features.Get<ICallerValidity>();
        return new(context.Response.BodyWriter, context.Abort, () => lease?.IsValid ?? true);
    }

    /// <summary>Leaves the body unfinished after all that was written has gone out, so that no client takes it for complete.</summary>
    /// <exception cref="IncompleteResponseException">Always, except over HTTP/1.0.</exception>
    public static async Task AbortResponseAsync(this HttpContext context)
    {
        var protocol = context.Request.Protocol;

        // Over HTTP/1.1 the missing last chunk tells. A reset would overtake what was just flushed, hence the pause where one is needed.
        if (!HttpProtocol.IsHttp11(protocol))
            await Task.Delay(Delivery, context.RequestServices.GetRequiredService<TimeProvider>(), CancellationToken.None);
        if (!HttpProtocol.IsHttp10(protocol))
            throw new IncompleteResponseException();

        // The end of an HTTP/1.0 body is the end of the connection: only a reset is not a clean one.
        context.Abort();
    }
}
