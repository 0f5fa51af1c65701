using System.Runtime.ExceptionServices;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.Server.Logging;

/// <summary>Logs one line per request, without body or secrets.</summary>
internal static class RequestLogging
{
    private const string Template = "{Method} {Target} {StatusCode}{Ending} in {Elapsed:0} ms ({RequestId} {TaskId})";

    /// <summary>Logs every request that passes this point when its response has ended, while the level Information is logged.</summary>
    public static void UseRequestLogging(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<Logger>();

        // Decided per request, since the configuration may change the level of a running server.
        app.UseWhen(_ => logger.IsEnabled(LogEventLevel.Information), logged =>
        {
            logged.Use(RethrowAsync);
            logged.UseSerilogRequestLogging(options =>
            {
                options.Logger = logger;
                options.MessageTemplate = Template;
                options.GetMessageTemplateProperties = Properties;
                options.GetLevel = (_, _, exception) => exception is null ? LogEventLevel.Information : LogEventLevel.Error;
            });
            logged.Use(HoldAsync);
        });
    }

    private static IEnumerable<LogEventProperty> Properties(HttpContext context, string path, double elapsed, int status) =>
    [
        new("Method", new ScalarValue(context.Request.Method)),
        new("Target", new ScalarValue(UrlRedaction.Redact(context.Request.Path + context.Request.QueryString))),
        new("StatusCode", new ScalarValue(status)),
        new("Ending", new ScalarValue(Ending(context))),
        new("Elapsed", new ScalarValue(elapsed)),
        new("RequestId", new ScalarValue(context.Response.Headers["X-Request-Id"].ToString())),
        new("TaskId", new ScalarValue(context.Response.Headers["X-Task-Id"].ToString())),
    ];

    private static string Ending(HttpContext context) => context.Features.Get<ExceptionDispatchInfo>() is not null ? " cut on purpose"
        : context.RequestAborted.IsCancellationRequested ? " aborted" : "";

    /// <summary>Keeps the exception that leaves a response incomplete from the request log, which would report it as a failure with status 500.</summary>
    private static async Task HoldAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (IncompleteResponseException exception)
        {
            context.Features.Set(ExceptionDispatchInfo.Capture(exception));
        }
    }

    /// <summary>Gives Kestrel the exception back, so that it closes the response without its end.</summary>
    private static async Task RethrowAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        context.Features.Get<ExceptionDispatchInfo>()?.Throw();
    }
}
