using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Descriptions;

/// <summary>Describes routes in the API document.</summary>
public static class RouteDescriptions
{
    /// <summary>Names the operation in the API document. An application may map the route several times, and have endpoints of that name itself.</summary>
    public static RouteHandlerBuilder WithOperationId(this RouteHandlerBuilder route, string id) => route.WithMetadata(new RouteOperationId(id));

    /// <summary>Adds an example of the body, and of the data of a frame of the stream.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder route, string? request, string? frame = null) =>
        route.WithMetadata(new RouteExample(request, frame is null ? null : $"id: 2\ndata: {frame}\n\n"));

    /// <summary>Adds query parameters and headers that the route reads.</summary>
    public static RouteHandlerBuilder WithParameters(this RouteHandlerBuilder route, params RouteParameter[] parameters) => route.WithMetadata([.. parameters]);

    /// <summary>The route takes a JSON body, whatever its content type says.</summary>
    /// <typeparam name="TBody">The fields of the body.</typeparam>
    public static RouteHandlerBuilder AcceptsJson<TBody>(this RouteHandlerBuilder route)
        where TBody : notnull => route.Accepts<TBody>("application/json", "*/*");

    /// <summary>The route can answer with a stream of server-sent events.</summary>
    /// <typeparam name="TEvent">The data of each frame.</typeparam>
    public static RouteHandlerBuilder ProducesStream<TEvent>(this RouteHandlerBuilder route) => route.WithMetadata(new RouteStream(typeof(TEvent)));

    /// <summary>Adds the statuses that come with an error, in the form of the route's clients. Every route of StreamRelay has 401, 403, 429 and 503 besides.</summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder route, params int[] statuses) => route.WithMetadata(new RouteErrors(statuses));
}
