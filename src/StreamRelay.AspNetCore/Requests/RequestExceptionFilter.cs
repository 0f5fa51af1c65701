using Microsoft.AspNetCore.Http;
using StreamRelay.Logs;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Turns a <see cref="RequestException"/> into its response, and the deletion of a task while it is read into a 404.</summary>
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
