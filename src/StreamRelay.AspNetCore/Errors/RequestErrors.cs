using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StreamRelay.AspNetCore.Browsers;
using StreamRelay.Limits;
using StreamRelay.Logs;
using StreamRelay.Protocols.Requests;
using StreamRelay.Runs;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Errors;

/// <summary>Runs the endpoints of StreamRelay: assigns a request id, and turns exceptions and error statuses without a body into error bodies.</summary>
internal sealed partial class RequestErrors(ILogger<RequestErrors> logger)
{
    /// <summary>Runs an endpoint, or the response to a refused request.</summary>
    /// <exception cref="IncompleteResponseException">The endpoint left its response incomplete on purpose.</exception>
    public async Task RunAsync(HttpContext context, RequestDelegate endpoint)
    {
        RequestId.Assign(context.Response);
        SecurityHeaders.WriteForData(context.Response);
        try
        {
            await endpoint(context);
            await ExplainAsync(context);
        }
        catch (IncompleteResponseException)
        {
            throw;
        }
        catch (RequestException exception) when (!context.Response.HasStarted)
        {
            await ApiResults.Error(exception.Status, exception.Error).ExecuteAsync(context);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await InvalidRequest(exception).ExecuteAsync(context);
        }
        catch (LogNotFoundException) when (!context.Response.HasStarted)
        {
            await ApiResults.NotFound("The task was deleted while it was read.", "task_not_found", "id").ExecuteAsync(context);
        }
        catch (LogDamagedException damage) when (!context.Response.HasStarted)
        {
            await ApiResults.Damaged(damage.Task, damage.After).ExecuteAsync(context);
        }
        catch (Exception exception) when (IsClientsFault(context, exception))
        {
            context.Abort();
        }
        catch (StoreUnavailableException exception) when (!context.Response.HasStarted)
        {
            StoreUnavailable(context.Request.Method, context.Request.Path, exception.Message);
            context.Response.Headers.RetryAfter = "5";
            await ApiResults.Error(StatusCodes.Status503ServiceUnavailable,
                new("The store cannot be reached; try again in a moment.", "server_error", null, "storage_unavailable")).ExecuteAsync(context);
        }
        catch (MemoryBudgetException exception) when (!context.Response.HasStarted)
        {
            MemoryUsedUp(context.Request.Method, context.Request.Path);
            await ApiResults.Error(StatusCodes.Status503ServiceUnavailable, new(exception.Message, "server_error", null, "memory_budget")).ExecuteAsync(context);
        }
        catch (TaskLimitException exception) when (!context.Response.HasStarted)
        {
            await LimitErrors.TooManyTasks(context, exception).ExecuteAsync(context);
        }
        catch (TokenLimitException exception) when (!context.Response.HasStarted)
        {
            await LimitErrors.TokensUsedUp(context, exception.Use, exception.Message).ExecuteAsync(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            RequestFailed(context.Request.Method, context.Request.Path, exception);
            await ApiResults.Error(StatusCodes.Status500InternalServerError,
                new("The server failed; its log says why.", "server_error", null, "internal_error")).ExecuteAsync(context);
        }
    }

    private static bool IsClientsFault(HttpContext context, Exception exception) =>
        exception is BadHttpRequestException || (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException);

    // The web server's own message names the fault: a chunk that is malformed, or a body that comes too slowly.
    private static IResult InvalidRequest(BadHttpRequestException exception) => ApiResults.Error(exception.StatusCode,
        new(exception.Message, "invalid_request_error", null, exception.StatusCode == StatusCodes.Status408RequestTimeout ? "request_timeout" : "invalid_request"));

    private static Task ExplainAsync(HttpContext context)
    {
        var response = context.Response;
        return response.StatusCode < StatusCodes.Status400BadRequest || response.HasStarted || response.ContentLength.HasValue || !string.IsNullOrEmpty(response.ContentType)
            ? Task.CompletedTask
            : ApiResults.Status(context, response.StatusCode).ExecuteAsync(context);
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    private partial void RequestFailed(string method, string path, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "{Method} {Path} failed because the store is unavailable: {Reason}")]
    private partial void StoreUnavailable(string method, string path, string reason);

    [LoggerMessage(3, LogLevel.Warning, "{Method} {Path} was refused because StreamRelay:Streams:MemoryBytes is used up")]
    private partial void MemoryUsedUp(string method, string path);
}
