using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Makes the groups of routes that the endpoint folders map.</summary>
public static class ApiGroups
{
    /// <summary>A group of routes under one heading of the API document.</summary>
    /// <param name="endpoints">Gets the group.</param>
    /// <param name="prefix">The beginning of its paths.</param>
    /// <param name="tag">Its heading in the API document.</param>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder endpoints, string prefix, string tag) =>
        endpoints.MapGroup(prefix).WithTags(tag);

    /// <summary>A group for routes that exist under another prefix too. The API document leaves them out.</summary>
    /// <param name="endpoints">Gets the group.</param>
    /// <param name="prefix">The beginning of its paths.</param>
    public static RouteGroupBuilder MapAlias(this IEndpointRouteBuilder endpoints, string prefix) => endpoints.MapGroup(prefix).ExcludeFromDescription();
}
