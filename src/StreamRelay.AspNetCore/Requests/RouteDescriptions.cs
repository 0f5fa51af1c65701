using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Describes routes in the API document.</summary>
public static class RouteDescriptions
{
    /// <summary>Adds an example of the body, and of the data of a frame of the stream.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder route, string? request, string? frame = null) =>
        route.WithMetadata(new RouteExample(request, frame is null ? null : $"id: 2\ndata: {frame}\n\n"));

    /// <summary>Describes a route that takes a body of this type and answers with a stream.</summary>
    public static RouteHandlerBuilder AnswersWithStream<TBody>(this RouteHandlerBuilder route)
        where TBody : notnull => route.Accepts<TBody>("application/json", "*/*").Produces<string>(StatusCodes.Status200OK, "text/event-stream");

    /// <summary>Adds the statuses that come with the error body.</summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        ArgumentNullException.ThrowIfNull(route);
        foreach (var status in statuses)
            route.Produces<ApiErrorBody>(status);

        return route;
    }

    /// <summary>Adds the statuses that come with the message of the error as text.</summary>
    public static RouteHandlerBuilder ProducesTextErrors(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        ArgumentNullException.ThrowIfNull(route);
        foreach (var status in statuses)
            route.Produces<string>(status, "text/plain");

        return route;
    }
}
