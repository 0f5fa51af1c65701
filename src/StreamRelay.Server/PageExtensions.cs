using Microsoft.AspNetCore.StaticFiles;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Browsers;
using StreamRelay.Server.Api;

namespace StreamRelay.Server;

/// <summary>Serves the console at <c>/</c>, the client for JavaScript at <c>/client.js</c> and the API page at <c>/swagger</c>.</summary>
internal static class PageExtensions
{
    private const string ApiPage = "/swagger";
    private const string ClientModule = "/client.js";

    /// <summary>Serves the files of <c>wwwroot</c>, with headers that forbid content of other origins, and the page of the API document.
    /// Pages of the configured origins may load the client. Requests that have an endpoint do not pass through here.</summary>
    public static void UsePages(this WebApplication app) => app.UseWhen(static context => context.GetEndpoint() is null, static pages =>
    {
        pages.Use(ProtectAsync);
        pages.UseWhen(static context => context.Request.Path == ClientModule, static client => client.UseCors(CorsSetup.Policy));
        pages.UseDefaultFiles();
        pages.UseStaticFiles(new StaticFileOptions { ContentTypeProvider = CreateTypes() });
        pages.UseApiDocumentPage();
    });

    /// <summary>Logs the origins of pages that are not served, before CORS and authorization refuse them.</summary>
    public static void UseForeignPageLog(this WebApplication app)
    {
        var rules = app.Services.GetRequiredService<BrowserRules>();
        app.Use(next => context =>
        {
            rules.LogForeign(context);
            return next(context);
        });
    }

    /// <summary>The usual types, but <c>.ts</c> is TypeScript and no film.</summary>
    private static FileExtensionContentTypeProvider CreateTypes() => new() { Mappings = { [".ts"] = "application/typescript" } };

    private static Task ProtectAsync(HttpContext context, RequestDelegate next)
    {
        SecurityHeaders.WriteForPage(context.Response, usesInlineStyles: context.Request.Path.StartsWithSegments(ApiPage, StringComparison.Ordinal));
        return next(context);
    }
}
