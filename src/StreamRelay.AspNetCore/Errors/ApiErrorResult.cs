using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Errors;

/// <summary>An error in the form that the clients of its route understand: the JSON object, or, on a route with <see cref="PlainTextErrors"/>, its message alone.</summary>
internal sealed class ApiErrorResult(int status, ApiError error) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
            httpContext.Response.Headers.RetryAfter = "1";
        if (httpContext.GetEndpoint()?.Metadata.GetMetadata<PlainTextErrors>() is null)
            return Results.Json(new ApiErrorBody(error), ErrorJson.Readable.ApiErrorBody, statusCode: status).ExecuteAsync(httpContext);

        return Results.Text(error.Message, "text/plain", statusCode: status).ExecuteAsync(httpContext);
    }
}
