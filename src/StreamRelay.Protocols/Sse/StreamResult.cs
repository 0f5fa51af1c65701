using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StreamRelay.Protocols.Sse;

/// <summary>Answers a request with a task's stream, from a position on, and chooses how the body ends.</summary>
/// <param name="task">The task.</param>
/// <param name="protocol">The protocol to read it in.</param>
/// <param name="seen">Up to and including which frame the client has seen it.</param>
public sealed class StreamResult(TaskRequest task, IStreamProtocol protocol, FrameId seen) : IResult
{
    private static readonly TimeSpan Delivery = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        SseHeaders.Write(httpContext.Response, task.Id);
        await httpContext.Response.StartAsync(httpContext.RequestAborted);
        if (protocol.ResumesByItself)
            await httpContext.Response.BodyWriter.WriteAsync(SseFrames.Retry, httpContext.RequestAborted);
        else
            await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);

        var reader = httpContext.RequestServices.GetRequiredService<RenderingCache>()
            .Read(task, protocol, seen, httpContext.Response.BodyWriter, httpContext.Abort);
        using var left = httpContext.RequestAborted.UnsafeRegister(static state => ((RenderingReader)state!).Leave(), reader);
        using var released = stopping.UnsafeRegister(static state => ((RenderingReader)state!).Release(), reader);
        await EndAsync(httpContext, await reader.Completion);
    }

    private Task EndAsync(HttpContext httpContext, StreamOutcome outcome) => outcome switch
    {
        StreamOutcome.Completed => Task.CompletedTask,
        StreamOutcome.TaskFailed when !protocol.FailureEndsBadly => Task.CompletedTask,
        StreamOutcome.Released when protocol.ResumesByItself => Task.CompletedTask,
        StreamOutcome.Left or StreamOutcome.Stalled => AbortAsync(httpContext),
        _ => EndBadlyAsync(httpContext),
    };

    private static Task AbortAsync(HttpContext httpContext)
    {
        httpContext.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Leaves the body unfinished after all that was written has gone out, so that no client takes it for complete.</summary>
    private static async Task EndBadlyAsync(HttpContext httpContext)
    {
        var protocol = httpContext.Request.Protocol;

        // Over HTTP/1.1 the missing last chunk tells. A reset would overtake what was just flushed, hence the pause where one is needed.
        if (!HttpProtocol.IsHttp11(protocol))
            await Task.Delay(Delivery, CancellationToken.None);
        if (!HttpProtocol.IsHttp10(protocol))
            throw new StreamCutException();

        // The end of an HTTP/1.0 body is the end of the connection: only a reset is not a clean one.
        httpContext.Abort();
    }
}
