using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.Protocols.Http;

/// <summary>Describes routes in the API document.</summary>
public static class RouteDescriptions
{
    /// <summary>Says which statuses come with the error body.</summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        ArgumentNullException.ThrowIfNull(route);
        foreach (var status in statuses)
            route.Produces<ApiErrorBody>(status);

        return route;
    }
}
