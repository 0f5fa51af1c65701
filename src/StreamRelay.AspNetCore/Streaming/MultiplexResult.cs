using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using StreamRelay.AspNetCore.Limits.Callers;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.Renderings;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Streaming;

/// <summary>Answers a request with the native frames of several tasks.</summary>
/// <param name="tasks">The tasks, in the order of the request.</param>
/// <param name="seen">The last frame of each that the client has seen.</param>
public sealed class MultiplexResult(IReadOnlyList<TaskRequest> tasks, IReadOnlyList<FrameId> seen) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var services = httpContext.RequestServices;
        var cache = services.GetRequiredService<RenderingCache>();
        using var open = await services.GetRequiredService<OpenStreams>().EnterAsync(httpContext);
        if (open.Reached is { } limit)
        {
            await StreamRefusal.AnswerAsync(httpContext, limit);
            return;
        }

        var connection = httpContext.Connect();
        SseHeaders.Write(httpContext.Response);
        await httpContext.Response.StartAsync(httpContext.RequestAborted);
        await connection.Output.WriteAsync(SseFrames.Retry, httpContext.RequestAborted);

        using var writer = new MultiplexWriter(connection.Output, [.. seen], cache.QuietTime, services.GetRequiredService<TimeProvider>());
        var pipes = tasks.Select(_ => new Pipe(new(useSynchronizationContext: false))).ToArray();
        var readers = tasks.Select((task, index) => cache.Read(
            task, NativeProtocol.Unnamed, ResumePoint.After(seen[index]), connection with { Output = pipes[index].Writer })).ToArray();
        void Release() => Array.ForEach(readers, reader => reader.Release());
        using var disconnected = httpContext.RequestAborted.UnsafeRegister(_ => Array.ForEach(readers, reader => reader.Disconnect()), null);
        using var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.UnsafeRegister(_ => Release(), null);
        using var ageLimit = services.GetRequiredService<ConnectionAgeLimit>().Schedule(Release);

        var outcomes = Task.WhenAll(readers.Select((reader, index) => CompleteAsync(reader, pipes[index].Writer)));
        await Task.WhenAll(pipes.Select((pipe, index) => writer.CopyAsync(index, pipe.Reader)));
        if ((await outcomes).Any(outcome => outcome is StreamOutcome.LogFailed or StreamOutcome.Disconnected or StreamOutcome.Stalled))
            httpContext.Abort();
    }

    private static async Task<StreamOutcome> CompleteAsync(RenderingReader reader, PipeWriter frames)
    {
        var outcome = await reader.Completion;
        await frames.CompleteAsync();
        return outcome;
    }
}
