using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Access;

namespace StreamRelay.AspNetCore.Mapping;

/// <summary>Makes the groups of the endpoints of StreamRelay.</summary>
internal static class RelayGroups
{
    /// <summary>A group without endpoints that gives those mapped in it what all endpoints of StreamRelay have.</summary>
    /// <exception cref="InvalidOperationException"><c>AddStreamRelay</c> was not called.</exception>
    public static RouteGroupBuilder MapRelayGroup(this IEndpointRouteBuilder application)
    {
        ArgumentNullException.ThrowIfNull(application);
        if (application.ServiceProvider.GetService<KeyRing>() is null)
            throw new InvalidOperationException("StreamRelay is not registered; call builder.Services.AddStreamRelay(builder.Configuration) before builder.Build().");

        var endpoints = new RelayEndpoints(application, ActivatorUtilities.CreateInstance<RelayConventions>(application.ServiceProvider));
        application.DataSources.Add(endpoints);
        return endpoints.MapGroup("");
    }
}
