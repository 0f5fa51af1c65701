using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Marks an endpoint that a ticket may read with GET or HEAD. The endpoint finds its tasks through <see cref="TaskAccess"/>.</summary>
/// <param name="IsStream">Whether it is a stream, to which a browser reconnects with the URL of its first request.</param>
/// <param name="TaskParameter">The query parameter that names tasks, as <c>ID</c> or <c>ID:AFTER</c>; <see langword="null"/> when the route value <c>id</c> names the task.</param>
internal sealed record TicketScope(bool IsStream, string? TaskParameter = null)
{
    /// <summary>The query parameter that holds a ticket.</summary>
    public const string TicketParameter = "ticket";

    /// <summary>The scope of the request's endpoint, or <see langword="null"/> when tickets are not accepted.</summary>
    public static TicketScope? Of(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? context.GetEndpoint()?.Metadata.GetMetadata<TicketScope>() : null;

    /// <summary>The tasks that the request reads. A malformed id is left out; the endpoint refuses it.</summary>
    public IReadOnlyList<TaskId> Tasks(HttpContext context)
    {
        var named = TaskParameter is null ? [context.GetRouteValue("id") as string] : context.Request.Query[TaskParameter].Select(static task => task?.Split(':')[0]);
        return [.. named.Select(static id => TaskId.TryParse(id, out var task) ? task : default).Where(static task => task != default).Distinct()];
    }
}
