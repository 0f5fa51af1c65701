using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The routes that a ticket may read. Each finds its task, named <c>{id}</c>, through <see cref="TaskAccess"/>.</summary>
internal static class TicketRoutes
{
    private const string Events = "/v1/tasks/{id}/events";
    private const string Several = "/v1/events";

    private static readonly string[] Patterns = [Events, Several, "/v1/tasks/{id}/files", "/v1/tasks/{id}/files/{name}", "/download/{id}/{name}"];

    /// <summary>Whether the request reads something that a ticket may read.</summary>
    public static bool IsReading(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) && Patterns.Contains(Pattern(context));

    /// <summary>Whether it reads a stream, to which a browser comes back with the URL it began with.</summary>
    public static bool IsStream(HttpContext context) => Pattern(context) is Events or Several;

    /// <summary>The tasks that the request reads; what is no id is left out, and answered by the route.</summary>
    public static IReadOnlyList<TaskId> Tasks(HttpContext context)
    {
        var named = Pattern(context) == Several
            ? context.Request.Query["task"].Select(task => task?.Split(':')[0])
            : [context.GetRouteValue("id") as string];
        return [.. named.Select(id => TaskId.TryParse(id, out var task) ? task : default).Where(task => task != default).Distinct()];
    }

    private static string? Pattern(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
}
