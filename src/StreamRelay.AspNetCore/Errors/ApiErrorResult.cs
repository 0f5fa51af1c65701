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

        var answer = httpContext.GetEndpoint()?.Metadata.GetMetadata<IErrorFormat>()?.Create(httpContext, status, error)
            ?? Results.Json(new ApiErrorBody(error), ErrorJson.Readable.ApiErrorBody, statusCode: status);
        return answer.ExecuteAsync(httpContext);
    }
}
