using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.Logs;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Answers a request that throws a <see cref="RequestException"/> with its error, and one whose task is deleted while it is read with 404.</summary>
public sealed class RequestExceptionFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        ArgumentNullException.ThrowIfNull(next);
        try
        {
            return await next(context);
        }
        catch (RequestException exception)
        {
            return ApiResults.Error(exception.Status, exception.Error);
        }
        catch (LogNotFoundException)
        {
            return ApiResults.NotFound("The task was deleted while it was read.", "task_not_found", "id");
        }
    }
}
