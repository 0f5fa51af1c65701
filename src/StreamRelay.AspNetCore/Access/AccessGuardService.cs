using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Runs <see cref="AccessGuard"/> on the configured addresses before any is bound, and on the bound ones, which code may have added to.</summary>
internal sealed class AccessGuardService(IServer server, IConfiguration configuration, IOptions<AuthOptions> options) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        AccessGuard.Check(Configured(), options.Value);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        AccessGuard.Check(Bound(), options.Value);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>In the order in which Kestrel looks for them; each kind stands in for those after it.</summary>
    private IEnumerable<string> Configured()
    {
        string[] endpoints = [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>()];
        if (endpoints.Length > 0)
            return endpoints;
        if (Bound() is { Count: > 0 } added)
            return added;
        if (Values(WebHostDefaults.ServerUrlsKey) is { Length: > 0 } urls)
            return urls;

        return Values(WebHostDefaults.HttpPortsKey).Concat(Values(WebHostDefaults.HttpsPortsKey)).Select(port => $"http://*:{port}");
    }

    private ICollection<string> Bound() => server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    private string[] Values(string key) =>
        configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
