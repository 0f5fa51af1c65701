using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Endpoints.AgUi;
using StreamRelay.AspNetCore.Endpoints.AiSdk;
using StreamRelay.AspNetCore.Endpoints.Files;
using StreamRelay.AspNetCore.Endpoints.OpenAiChat;
using StreamRelay.AspNetCore.Endpoints.OpenAiResponses;
using StreamRelay.AspNetCore.Endpoints.Operations;
using StreamRelay.AspNetCore.Endpoints.Push;
using StreamRelay.AspNetCore.Endpoints.Tasks;
using StreamRelay.AspNetCore.Health;
using StreamRelay.AspNetCore.Requests;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts StreamRelay into an application's request path.</summary>
public static class StreamRelayApplicationExtensions
{
    /// <summary>Adds what every request passes: request ids and log, errors in the one shape, access control.</summary>
    public static IApplicationBuilder UseStreamRelay(this IApplicationBuilder app)
    {
        app.UseMiddleware<RequestErrors>();
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
