using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Answers with JSON that may be large, to a client that may stop reading.</summary>
internal sealed class LargeJson(ReadOnlyMemory<byte> json) : IResult
{
    /// <summary>Answers with a value.</summary>
    public static LargeJson Create<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json";
        httpContext.Response.ContentLength = json.Length;
        await using var body = new PacedBody(httpContext, httpContext.Response.Body);
        await body.WriteAsync(json, httpContext.RequestAborted);
    }
}
