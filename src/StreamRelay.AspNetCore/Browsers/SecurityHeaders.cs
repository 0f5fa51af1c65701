using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Browsers;

/// <summary>The headers that limit what a browser may do with a response.</summary>
public static class SecurityHeaders
{
    private const string NoSniff = "nosniff";
    private const string NoReferrer = "no-referrer";
    private const string SameOrigin = "same-origin";
    private const string ResourcePolicy = "Cross-Origin-Resource-Policy";
    private const string OpenerPolicy = "Cross-Origin-Opener-Policy";
    private const string ReferrerPolicy = "Referrer-Policy";

    /// <summary>For data: it is no page and loads nothing, no other site embeds it, and no cache keeps it. An endpoint may set another <c>Cache-Control</c>.</summary>
    public static void WriteForData(HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var headers = response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
        headers.CacheControl = "no-store";
        headers[ResourcePolicy] = SameOrigin;
        headers[ReferrerPolicy] = NoReferrer;
    }

    /// <summary>For a page of the server and its files: it loads only what this server sends, and no other site shows it in a frame or holds its window.</summary>
    /// <param name="response">The response.</param>
    /// <param name="usesInlineStyles">Whether the page sets styles in its HTML and has images in its styles.</param>
    public static void WriteForPage(HttpResponse response, bool usesInlineStyles = false)
    {
        ArgumentNullException.ThrowIfNull(response);
        var headers = response.Headers;
        var styles = usesInlineStyles ? "style-src 'self' 'unsafe-inline'; img-src 'self' data:; " : "";
        headers.XContentTypeOptions = NoSniff;
        headers.ContentSecurityPolicy = $"default-src 'self'; {styles}frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        headers.CacheControl = "no-cache";
        headers[ResourcePolicy] = SameOrigin;
        headers[OpenerPolicy] = SameOrigin;
        headers[ReferrerPolicy] = NoReferrer;
    }
}
