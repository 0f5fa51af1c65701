using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Http;

namespace StreamRelay.AspNetCore.Http;

/// <summary>Describes routes in the API document.</summary>
internal static class RouteDescriptions
{
    /// <summary>Says which statuses come with the error body.</summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            route.Produces<ApiErrorBody>(status);

        return route;
    }
}
