using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Errors;

/// <summary>The form of errors of every route that has no other: a JSON object, as OpenAI's clients read it.</summary>
public sealed class JsonErrors : IErrorFormat
{
    /// <summary>The form of every route that has none of its own.</summary>
    internal static JsonErrors Default { get; } = new();

    /// <inheritdoc/>
    public Type Body => typeof(ApiErrorBody);

    /// <inheritdoc/>
    public string ContentType => "application/json";

    /// <inheritdoc/>
    public IResult Create(HttpContext context, int status, ApiError reason) =>
        Results.Json(new ApiErrorBody(reason), ErrorJson.Readable.ApiErrorBody, statusCode: status);
}
