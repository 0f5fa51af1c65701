using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Errors;

/// <summary>An error in the form that the clients of its route understand: that of the route's <see cref="IErrorFormat"/>, or the JSON object.</summary>
internal sealed class ApiErrorResult(int status, ApiError error) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
            httpContext.Response.Headers.RetryAfter = "1";

        var format = httpContext.GetEndpoint()?.Metadata.GetMetadata<IErrorFormat>() ?? JsonErrors.Default;
        return format.Create(httpContext, status, error).ExecuteAsync(httpContext);
    }
}
