using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Files;

/// <summary>Answers with a file in a way that keeps browsers from executing it.</summary>
internal static class FileDownload
{
    private const string UnknownType = "application/octet-stream";

    public static IResult Create(HttpContext context, StoredFile file, Stream content)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.CacheControl = "private, no-cache";
        context.Response.Body = new PacedBody(context, context.Response.Body);
        return TypedResults.Stream(content, MediaType(file), file.Name, file.CreatedAt, new EntityTagHeaderValue($"\"{file.Hash}\""), enableRangeProcessing: true);
    }

    /// <summary>The media type that the agent gave, if it is valid in a header.</summary>
    private static string MediaType(StoredFile file) =>
        MediaTypeHeaderValue.TryParse(file.MediaType, out var parsed) ? parsed.ToString() : UnknownType;
}
