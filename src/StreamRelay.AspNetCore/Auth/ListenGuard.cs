using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>Refuses to start a server that listens beyond this machine and asks nobody who they are.</summary>
internal sealed class ListenGuard(IServer server, IConfiguration configuration, KeyRing keys, IOptions<AuthOptions> options) : IHostedLifecycleService
{
    /// <summary>Before the server listens: the addresses it was told.</summary>
    public Task StartingAsync(CancellationToken cancellationToken) => Check([
        .. (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries),
        .. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>()]);

    /// <summary>After it listens: the addresses it has, however it came by them.</summary>
    public Task StartedAsync(CancellationToken cancellationToken) => Check(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task Check(IEnumerable<string> addresses)
    {
        if (!keys.IsEmpty || options.Value.AllowAnonymous)
            return Task.CompletedTask;

        var open = addresses.FirstOrDefault(address => !address.StartsWith("http://unix:", StringComparison.Ordinal) && !LoopbackRules.IsLoopback(BindingAddress.Parse(address).Host));
        return open is null
            ? Task.CompletedTask
            : throw new InvalidOperationException(
                $"{open} can be reached from other machines, and no API key is configured. Make one with --new-key and set StreamRelay:Auth:Keys:0:Owner and :Hash, or set StreamRelay:Auth:AllowAnonymous=true to serve everybody.");
    }
}
