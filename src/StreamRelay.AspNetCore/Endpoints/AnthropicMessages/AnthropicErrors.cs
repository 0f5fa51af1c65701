using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

/// <summary>The form and the types of errors in the Anthropic API. A server that cannot serve now is a 529 there.</summary>
public sealed class AnthropicErrors : IErrorFormat
{
    private const int Overloaded = 529;

    /// <inheritdoc/>
    public Type Body => typeof(AnthropicErrorBody);

    /// <inheritdoc/>
    public string ContentType => "application/json";

    /// <inheritdoc/>
    public int StatusOf(int status) => status == StatusCodes.Status503ServiceUnavailable ? Overloaded : status;

    /// <inheritdoc/>
    public IResult Create(HttpContext context, int status, ApiError reason)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(reason);
        var request = AnthropicHeaders.Write(context.Response);
        var body = new AnthropicErrorBody("error", new(TypeOf(status), reason.Message, reason.Param, reason.Code), request);
        return Results.Json(body, AnthropicBodyJson.Readable.AnthropicErrorBody, statusCode: StatusOf(status));
    }

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status404NotFound => "not_found_error",
        StatusCodes.Status413PayloadTooLarge => "request_too_large",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        StatusCodes.Status503ServiceUnavailable => "overloaded_error",
        StatusCodes.Status504GatewayTimeout or StatusCodes.Status408RequestTimeout => "timeout_error",
        StatusCodes.Status424FailedDependency or >= StatusCodes.Status500InternalServerError => "api_error",
        _ => "invalid_request_error",
    };
}
