using StreamRelay.AspNetCore.Browsers;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.Server;

/// <summary>Explains the errors of routing.</summary>
internal static class ErrorPageExtensions
{
    /// <summary>Gives an error status without a body, such as the 404 of a path without an endpoint, the error body of the API.</summary>
    public static void UseErrorPages(this WebApplication app) => app.UseStatusCodePages(static context =>
    {
        RequestId.Assign(context.HttpContext.Response);
        SecurityHeaders.WriteForData(context.HttpContext.Response);
        return ApiResults.Status(context.HttpContext, context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext);
    });
}
