using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Logs;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>The outermost step of every request: gives it an id, logs it without body or secrets, and answers unexpected faults.</summary>
internal sealed partial class RequestLogging(RequestDelegate next, ILogger<RequestLogging> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        context.Response.Headers["X-Request-Id"] = $"req_{Guid.NewGuid():N}";
        var cut = false;
        try
        {
            await next(context);
        }
        catch (IncompleteResponseException)
        {
            cut = true;
            throw;
        }
        catch (Exception exception) when (IsClientsFault(context, exception))
        {
            context.Abort();
        }
        catch (StoreUnavailableException exception) when (!context.Response.HasStarted)
        {
            StoreAway(context.Request.Method, context.Request.Path, exception.Message);
            context.Response.Headers.RetryAfter = "5";
            await ApiResults.Error(StatusCodes.Status503ServiceUnavailable,
                new("The store cannot be reached; try again in a moment.", "server_error", null, "storage_unavailable")).ExecuteAsync(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            RequestFailed(context.Request.Method, context.Request.Path, exception);
            await ApiResults.Error(StatusCodes.Status500InternalServerError,
                new("The server failed; its log says why.", "server_error", null, "internal_error")).ExecuteAsync(context);
        }
        finally
        {
            Log(context, cut, Stopwatch.GetElapsedTime(started));
        }
    }

    private static bool IsClientsFault(HttpContext context, Exception exception) =>
        context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException;

    private void Log(HttpContext context, bool cut, TimeSpan elapsed)
    {
        if (!logger.IsEnabled(LogLevel.Information))
            return;

        var target = UrlRedaction.Redact(context.Request.Path + context.Request.QueryString);
        var ending = cut ? " cut on purpose" : context.RequestAborted.IsCancellationRequested ? " aborted" : "";
        Answered(context.Request.Method, target, context.Response.StatusCode, ending, (long)elapsed.TotalMilliseconds,
            context.Response.Headers["X-Request-Id"].ToString(), context.Response.Headers["X-Task-Id"].ToString());
    }

    [LoggerMessage(1, LogLevel.Information, "{Method} {Target} {Status}{Ending} in {Milliseconds} ms ({RequestId} {TaskId})")]
    private partial void Answered(string method, string target, int status, string ending, long milliseconds, string requestId, string taskId);

    [LoggerMessage(3, LogLevel.Error, "{Method} {Path} could not be answered: {Reason}")]
    private partial void StoreAway(string method, string path, string reason);

    [LoggerMessage(2, LogLevel.Error, "{Method} {Path} failed")]
    private partial void RequestFailed(string method, string path, Exception exception);
}
