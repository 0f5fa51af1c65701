using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Errors;

/// <summary>The format for clients that show the body of an error to the user: the body is the message alone.</summary>
public sealed class PlainTextErrors : IErrorFormat
{
    /// <inheritdoc/>
    public Type Body => typeof(string);

    /// <inheritdoc/>
    public string ContentType => "text/plain";

    /// <inheritdoc/>
    public IResult Create(HttpContext context, int status, ApiError reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return Results.Text(reason.Message, ContentType, statusCode: status);
    }
}
