using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Limits.Connections;

/// <summary>Refuses limits of connections in an application that has not asked for them, where they would do nothing.</summary>
internal sealed class ConnectionLimitsValidator(IServiceProvider services) : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options) =>
        (options.Connections > 0 || options.ConnectionsPerAddress > 0) && !services.GetServices<IConnectionListenerFactory>().Any(static transport => transport is LimitedTransport)
            ? ValidateOptionsResult.Fail(
                $"{LimitOptions.Section}:Connections and :ConnectionsPerAddress limit the connections of the whole application; call builder.Services.AddStreamRelayConnectionLimits() to have them.")
            : ValidateOptionsResult.Success;
}
