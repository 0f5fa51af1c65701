using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>What a test adds to <see cref="HostApp"/>.</summary>
internal sealed record HostAppParts
{
    /// <summary>The environment of the application.</summary>
    public string Environment { get; init; } = Environments.Production;

    /// <summary>Adds services before StreamRelay does.</summary>
    public Action<IServiceCollection> Services { get; init; } = static _ => { };

    /// <summary>Adds middleware.</summary>
    public Action<WebApplication> Pipeline { get; init; } = static _ => { };

    /// <summary>Maps StreamRelay.</summary>
    public Action<WebApplication> Relay { get; init; } = static app => app.MapStreamRelay();
}
