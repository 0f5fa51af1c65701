using Microsoft.AspNetCore.Http;

namespace StreamRelay.Protocols.Http;

/// <summary>Answers a request with what an <see cref="ApiException"/> carries.</summary>
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
    }
}
