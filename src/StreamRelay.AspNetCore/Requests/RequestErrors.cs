using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Logs;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>The outermost step of every request: gives it an id, and answers exceptions that no endpoint handled.</summary>
internal sealed partial class RequestErrors(RequestDelegate next, ILogger<RequestErrors> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers["X-Request-Id"] = $"req_{Guid.NewGuid():N}";
        try
        {
            await next(context);
        }
        catch (IncompleteResponseException)
        {
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
    }

    private static bool IsClientsFault(HttpContext context, Exception exception) =>
        context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException;

    [LoggerMessage(3, LogLevel.Error, "{Method} {Path} could not be answered: {Reason}")]
    private partial void StoreAway(string method, string path, string reason);

    [LoggerMessage(2, LogLevel.Error, "{Method} {Path} failed")]
    private partial void RequestFailed(string method, string path, Exception exception);
}
