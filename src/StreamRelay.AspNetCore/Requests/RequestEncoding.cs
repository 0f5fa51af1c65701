using System.IO.Pipelines;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RequestDecompression;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Decodes request bodies, and refuses those in an encoding or a character set that the server does not read.</summary>
internal static class RequestEncoding
{
    private static readonly string[] Charsets = ["utf-8", "utf8", "us-ascii"];

    /// <summary>The body without its content encoding: gzip, br or deflate.</summary>
    /// <exception cref="RequestException">415: another encoding or character set.</exception>
    public static PipeReader DecodedBody(HttpContext context)
    {
        RefuseCharset(context.Request);
        if (!IsEncoded(context.Request))
            return context.Request.BodyReader;

        var encoding = context.Request.Headers.ContentEncoding.ToString();
        var decoded = context.RequestServices.GetRequiredService<IRequestDecompressionProvider>().GetDecompressionStream(context);
        return decoded is not null
            ? PipeReader.Create(decoded)
            : throw UnsupportedEncoding($"The content encoding '{encoding}' is not supported; send gzip, br, deflate or none.");
    }

    /// <summary>Refuses a body that has a content encoding.</summary>
    /// <exception cref="RequestException">415.</exception>
    public static void RefuseEncoded(HttpRequest request)
    {
        RefuseCharset(request);
        if (IsEncoded(request))
            throw UnsupportedEncoding("Lines of events are read as they come, and without a content encoding.");
    }

    private static bool IsEncoded(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    private static void RefuseCharset(HttpRequest request)
    {
        if (request.ContentType is { } type && type.Contains("charset", StringComparison.OrdinalIgnoreCase)
            && MediaTypeHeaderValue.TryParse(type, out var parsed) && parsed.CharSet?.Trim('"') is { Length: > 0 } charset
            && !Charsets.Contains(charset, StringComparer.OrdinalIgnoreCase))
        {
            throw Unsupported($"The character set '{charset}' is not supported; send UTF-8.", "Content-Type", "unsupported_charset");
        }
    }

    private static RequestException UnsupportedEncoding(string message) => Unsupported(message, "Content-Encoding", "unsupported_encoding");

    private static RequestException Unsupported(string message, string param, string code) =>
        new(StatusCodes.Status415UnsupportedMediaType, new(message, "invalid_request_error", param, code));
}
