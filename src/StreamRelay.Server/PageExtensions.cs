using Microsoft.AspNetCore.StaticFiles;
using StreamRelay.Server.Api;

namespace StreamRelay.Server;

/// <summary>Serves the console at <c>/</c> and the API page at <c>/swagger</c>.</summary>
internal static class PageExtensions
{
    /// <summary>Serves the files of <c>wwwroot</c>, with headers that forbid content of other origins, and the page of the API document.
    /// Requests that have an endpoint do not pass through here.</summary>
    public static void UsePages(this WebApplication app) => app.UseWhen(static context => context.GetEndpoint() is null, static pages =>
    {
        pages.UseDefaultFiles();
        pages.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = Protect });
        pages.UseApiDocumentPage();
    });

    private static void Protect(StaticFileResponseContext file)
    {
        var headers = file.Context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
    }
}
