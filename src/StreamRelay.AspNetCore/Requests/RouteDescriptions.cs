using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Describes routes in the API document.</summary>
public static class RouteDescriptions
{
    /// <summary>Shows a body, and the data of a frame of the stream.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder route, string? request, string? frame = null) =>
        route.WithMetadata(new RouteExample(request, frame is null ? null : $"id: 2\ndata: {frame}\n\n"));

    /// <summary>Says which statuses come with the error body.</summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        ArgumentNullException.ThrowIfNull(route);
        foreach (var status in statuses)
            route.Produces<ApiErrorBody>(status);

        return route;
    }

    /// <summary>Says which statuses come with the message of the error as text.</summary>
    public static RouteHandlerBuilder ProducesTextErrors(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        ArgumentNullException.ThrowIfNull(route);
        foreach (var status in statuses)
            route.Produces<string>(status, "text/plain");

        return route;
    }
}
