using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using StreamRelay.Protocols;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Streaming;

/// <summary>Answers a request with a task's stream, from a position on, and chooses how the body ends.</summary>
/// <param name="task">The task.</param>
/// <param name="protocol">The protocol to read it in.</param>
/// <param name="seen">How much of it the client has seen.</param>
/// <param name="prologue">Whole frames to be sent before the stream.</param>
public sealed class StreamResult(TaskRequest task, IStreamProtocol protocol, ResumePoint seen, ReadOnlyMemory<byte> prologue = default) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var services = httpContext.RequestServices;
        SseHeaders.Write(httpContext.Response);
        httpContext.Response.Headers["X-Task-Id"] = task.Id.ToString();
        foreach (var (name, value) in protocol.Headers)
            httpContext.Response.Headers[name] = value;

        await httpContext.Response.StartAsync(httpContext.RequestAborted);
        if (protocol.AutoReconnects)
            httpContext.Response.BodyWriter.Write(SseFrames.Retry.Span);

        await httpContext.Response.BodyWriter.WriteAsync(prologue, httpContext.RequestAborted);
        var reader = services.GetRequiredService<RenderingCache>().Read(task, protocol, seen, httpContext.Connect());
        httpContext.Features.Get<AwaitedReader>()?.Dispose();
        var release = () => reader.Release();
        using var left = httpContext.RequestAborted.UnsafeRegister(static state => ((RenderingReader)state!).Leave(), reader);
        using var released = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.UnsafeRegister(static state => ((Action)state!)(), release);
        using var rotation = protocol.AutoReconnects ? services.GetRequiredService<ConnectionAgeLimit>().Schedule(release) : null;
        await EndAsync(httpContext, await reader.Completion);
    }

    private Task EndAsync(HttpContext httpContext, StreamOutcome outcome) => outcome switch
    {
        StreamOutcome.Completed => Task.CompletedTask,
        StreamOutcome.TaskFailed when !protocol.AbortsOnFailure => Task.CompletedTask,
        StreamOutcome.Released when protocol.AutoReconnects => Task.CompletedTask,
        StreamOutcome.Left or StreamOutcome.Stalled => AbortAsync(httpContext),
        _ => httpContext.AbortResponseAsync(),
    };

    private static Task AbortAsync(HttpContext httpContext)
    {
        httpContext.Abort();
        return Task.CompletedTask;
    }
}
