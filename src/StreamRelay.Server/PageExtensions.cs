using StreamRelay.AspNetCore.Browsers;
using StreamRelay.Server.Api;

namespace StreamRelay.Server;

/// <summary>Serves the console at <c>/</c> and the API page at <c>/swagger</c>.</summary>
internal static class PageExtensions
{
    private const string ApiPage = "/swagger";

    /// <summary>Serves the files of <c>wwwroot</c>, with headers that forbid content of other origins, and the page of the API document.
    /// Requests that have an endpoint do not pass through here.</summary>
    public static void UsePages(this WebApplication app) => app.UseWhen(static context => context.GetEndpoint() is null, static pages =>
    {
        pages.Use(ProtectAsync);
        pages.UseDefaultFiles();
        pages.UseStaticFiles();
        pages.UseApiDocumentPage();
    });

    private static Task ProtectAsync(HttpContext context, RequestDelegate next)
    {
        SecurityHeaders.WriteForPage(context.Response, usesInlineStyles: context.Request.Path.StartsWithSegments(ApiPage, StringComparison.Ordinal));
        return next(context);
    }
}
