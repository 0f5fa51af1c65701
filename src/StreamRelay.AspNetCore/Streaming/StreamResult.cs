using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Limits.Callers;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Protocols;
using StreamRelay.Protocols.Renderings;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Streaming;

/// <summary>Answers a request with the stream of a task, and ends the body in the way that the protocol needs.</summary>
/// <param name="task">The task.</param>
/// <param name="protocol">The protocol to encode it in.</param>
/// <param name="seen">How much of it the client has seen; default: nothing.</param>
/// <param name="prologue">Whole frames that are sent before the stream.</param>
public sealed class StreamResult(TaskRequest task, IStreamProtocol protocol, ResumePoint seen = default, ReadOnlyMemory<byte> prologue = default) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var services = httpContext.RequestServices;
        using var open = await services.GetRequiredService<OpenStreams>().EnterAsync(httpContext);
        if (open.Reached is { } limit)
        {
            await StreamRefusal.AnswerAsync(httpContext, limit);
            return;
        }

        SseHeaders.Write(httpContext.Response);
        httpContext.Response.Headers["X-Task-Id"] = task.Id.ToString();
        foreach (var (name, value) in protocol.Headers)
            httpContext.Response.Headers[name] = value;

        await httpContext.Response.StartAsync(httpContext.RequestAborted);
        if (protocol.AutoReconnects)
            httpContext.Response.BodyWriter.Write(SseFrames.Retry.Span);

        await httpContext.Response.BodyWriter.WriteAsync(prologue, httpContext.RequestAborted);
        prologue = default;
        httpContext.Features.Get<RequestMemory>()?.Dispose();
        var reader = services.GetRequiredService<RenderingCache>().Read(task, protocol, seen, httpContext.Connect());
        httpContext.Features.Get<AwaitedReader>()?.Dispose();
        var release = () => reader.Release();
        using var disconnected = httpContext.RequestAborted.UnsafeRegister(static state => ((RenderingReader)state!).Disconnect(), reader);
        using var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.UnsafeRegister(static state => ((Action)state!)(), release);
        using var ageLimit = protocol.AutoReconnects ? services.GetRequiredService<ConnectionAgeLimit>().Schedule(release) : null;
        await EndAsync(httpContext, await reader.Completion);
    }

    private Task EndAsync(HttpContext httpContext, StreamOutcome outcome) => outcome switch
    {
        StreamOutcome.Completed => Task.CompletedTask,
        StreamOutcome.TaskFailed when !protocol.AbortsOnFailure => Task.CompletedTask,
        StreamOutcome.Released when protocol.AutoReconnects => Task.CompletedTask,
        StreamOutcome.Disconnected or StreamOutcome.Stalled => AbortAsync(httpContext),
        _ => httpContext.AbortResponseAsync(),
    };

    private static Task AbortAsync(HttpContext httpContext)
    {
        httpContext.Abort();
        return Task.CompletedTask;
    }
}
