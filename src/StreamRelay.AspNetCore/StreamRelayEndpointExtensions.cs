using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Endpoints.AgUi;
using StreamRelay.AspNetCore.Endpoints.AiSdk;
using StreamRelay.AspNetCore.Endpoints.AnthropicMessages;
using StreamRelay.AspNetCore.Endpoints.Files;
using StreamRelay.AspNetCore.Endpoints.Keys;
using StreamRelay.AspNetCore.Endpoints.Limits;
using StreamRelay.AspNetCore.Endpoints.Models;
using StreamRelay.AspNetCore.Endpoints.OpenAiChat;
using StreamRelay.AspNetCore.Endpoints.OpenAiConversations;
using StreamRelay.AspNetCore.Endpoints.OpenAiResponses;
using StreamRelay.AspNetCore.Endpoints.Operations;
using StreamRelay.AspNetCore.Endpoints.Push;
using StreamRelay.AspNetCore.Endpoints.Tasks;
using StreamRelay.AspNetCore.Endpoints.Tickets;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Health;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Limits.Rates;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoints of StreamRelay.</summary>
public static class StreamRelayEndpointExtensions
{
    /// <summary>Maps every endpoint. Access control, request ids and error bodies apply to these endpoints and to no other of the application.</summary>
    /// <param name="endpoints">The application, or a group of it.</param>
    /// <returns>The group of the endpoints; conventions such as <c>RequireAuthorization</c>, <c>RequireRateLimiting</c> and <c>RequireCors</c> apply to all of them.</returns>
    /// <exception cref="InvalidOperationException"><c>AddStreamRelay</c> was not called.</exception>
    public static RouteGroupBuilder MapStreamRelay(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapRelayGroup();
        group.MapTasks();
        group.MapPush();
        group.MapOperations();
        group.MapFiles();
        group.MapTickets();
        group.MapOpenAiChat();
        group.MapOpenAiResponses();
        group.MapOpenAiConversations();
        group.MapAnthropicMessages();
        group.MapAiSdk();
        group.MapAgUi();
        group.MapModels();
        group.MapLimits();
        group.MapKeys();
        group.MapHealth();
        return group;
    }

    /// <summary>A group without endpoints that gives those mapped in it what all endpoints of StreamRelay have.</summary>
    internal static RouteGroupBuilder MapRelayGroup(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var keys = services.GetService<KeyRing>()
            ?? throw new InvalidOperationException("StreamRelay is not registered; call builder.Services.AddStreamRelay(builder.Configuration) before MapStreamRelay().");
        var group = endpoints.MapGroup("").WithMetadata(new BodyLimit(services.GetRequiredService<IOptions<LimitOptions>>().Value.BodyBytes));

        // The metadata makes ASP.NET Core require the CORS middleware, so an application without origins must not have it.
        if (keys.Origins.Count > 0)
            group.RequireCors(CorsSetup.Policy);

        IEndpointConventionBuilder conventions = group;
        conventions.Finally(EndpointPolicies.Require);
        conventions.Finally(ErrorDescriptions.Add);
        if (services.GetService<RateGuard>() is { } rates)
            conventions.Finally(endpoint => endpoint.RequestDelegate = AtItsRate(endpoint, rates));

        var (errors, browsers, lifetime) =
            (services.GetRequiredService<RequestErrors>(), services.GetRequiredService<BrowserRules>(), services.GetRequiredService<CallerLifetime>());
        conventions.Finally(endpoint => endpoint.RequestDelegate = WithErrors(ForOwnPages(WithLifetime(endpoint.RequestDelegate!, lifetime), browsers), errors));
        return group;
    }

    // Monitoring asks often, and without a key.
    private static RequestDelegate AtItsRate(EndpointBuilder endpoint, RateGuard rates) =>
        endpoint.RequestDelegate is { } run && !endpoint.Metadata.Any(static data => data is IAllowAnonymous) ? context => rates.RunAsync(context, run) : endpoint.RequestDelegate!;

    private static RequestDelegate ForOwnPages(RequestDelegate endpoint, BrowserRules browsers) =>
        context => browsers.FindFault(context) is { } fault ? fault.ExecuteAsync(context) : endpoint(context);

    private static RequestDelegate WithLifetime(RequestDelegate endpoint, CallerLifetime lifetime) => context => lifetime.RunAsync(context, endpoint);

    private static RequestDelegate WithErrors(RequestDelegate endpoint, RequestErrors errors) => context => errors.RunAsync(context, endpoint);
}
