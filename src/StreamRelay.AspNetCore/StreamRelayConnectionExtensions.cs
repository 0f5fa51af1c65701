using Microsoft.AspNetCore.Connections;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Limits.Connections;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Limits the connections of an application.</summary>
public static class StreamRelayConnectionExtensions
{
    /// <summary>Limits the connections of the whole application, also those to its own endpoints, to <see cref="LimitOptions.Connections"/> and <see cref="LimitOptions.ConnectionsPerAddress"/>:
    /// by default to two thirds of the descriptors of the process, and half of these for one address. Kestrel's sockets are the transport then.</summary>
    /// <param name="services">The services.</param>
    public static IServiceCollection AddStreamRelayConnectionLimits(this IServiceCollection services) =>
        services.AddSingleton<IConnectionListenerFactory, LimitedTransport>();
}
