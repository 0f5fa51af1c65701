using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using StreamRelay.AspNetCore.Auth;
using StreamRelay.AspNetCore.Files;
using StreamRelay.AspNetCore.Health;
using StreamRelay.AspNetCore.Http;
using StreamRelay.AspNetCore.Operations;
using StreamRelay.AspNetCore.Push;
using StreamRelay.AspNetCore.Tasks;
using StreamRelay.Protocols.AgUi;
using StreamRelay.Protocols.AiSdk;
using StreamRelay.Protocols.Http;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.OpenAiResponses;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts StreamRelay into an application's request path.</summary>
public static class StreamRelayApplicationExtensions
{
    /// <summary>Adds what every request passes: request ids and log, errors in the one shape, access control.</summary>
    public static IApplicationBuilder UseStreamRelay(this IApplicationBuilder app)
    {
        app.UseMiddleware<RequestPipeline>();
        app.UseStatusCodePages(context => ExplainAsync(context.HttpContext));
        return app.UseAccess();
    }

    /// <summary>Maps every route.</summary>
    public static IEndpointRouteBuilder MapStreamRelay(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapTasks();
        endpoints.MapPush();
        endpoints.MapOperations();
        endpoints.MapFiles();
        endpoints.MapTickets();
        endpoints.MapOpenAiChat();
        endpoints.MapOpenAiResponses();
        endpoints.MapAiSdk();
        endpoints.MapAgUi();
        endpoints.MapModels();
        endpoints.MapHealth();
        return endpoints;
    }

    private static Task ExplainAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        return ApiResults.Error(status, new(
            $"{ReasonPhrases.GetReasonPhrase(status)}: {context.Request.Method} {context.Request.Path}.", "invalid_request_error", null, null)).ExecuteAsync(context);
    }
}
