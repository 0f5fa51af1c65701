using Microsoft.AspNetCore.Http;
using StreamRelay.Logs;

namespace StreamRelay.Protocols.Http;

/// <summary>Answers a request with what an <see cref="ApiException"/> carries, and one whose task is deleted meanwhile with a 404.</summary>
public sealed class ApiExceptionFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        ArgumentNullException.ThrowIfNull(next);
        try
        {
            return await next(context);
        }
        catch (ApiException exception)
        {
            return exception.Result;
        }
        catch (LogNotFoundException)
        {
            return ApiResults.NotFound("The task was deleted while it was read.", "task_not_found", "id");
        }
    }
}
