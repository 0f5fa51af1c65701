using Microsoft.AspNetCore.StaticFiles;

namespace StreamRelay.Server;

/// <summary>Serves the console at <c>/</c>.</summary>
internal static class PageExtensions
{
    /// <summary>Serves the files of <c>wwwroot</c>, with headers that forbid content of other origins.</summary>
    public static void UsePage(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = Protect });
    }

    private static void Protect(StaticFileResponseContext file)
    {
        var headers = file.Context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
    }
}
