using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Refuses a start that would serve other machines although access is not configured. It checks the configured addresses before any is bound,
/// and the bound ones, to which code may have added. It also refuses a scheme that does not exist.</summary>
internal sealed class AccessGuardService(
    IServer server, IConfiguration configuration, KeyRing keys, LoopbackScope scope, IAuthenticationSchemeProvider schemes) : IHostedLifecycleService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Check(Configured(), scope.IsLoopbackOnly);
        if (keys.Scheme is { } scheme && await schemes.GetSchemeAsync(scheme) is null)
            throw new InvalidOperationException($"{AuthOptions.Section}:Scheme is '{scheme}', and the application has no authentication scheme of that name.");
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Check(Bound(), scope.IsLoopbackOnly);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Passes when other machines may be served, or none of the addresses can be reached by them.</summary>
    /// <exception cref="InvalidOperationException">Other machines could reach an address; the message names the settings that allow or prevent it.</exception>
    internal static void Check(IEnumerable<string> addresses, bool isLoopbackOnly)
    {
        if (isLoopbackOnly && addresses.FirstOrDefault(IsReachable) is { } open)
            throw new InvalidOperationException(AccessErrors.OpenToAnyone(open));
    }

    private static bool IsReachable(string address)
    {
        var binding = Parse(address);
        return !binding.IsUnixPipe && !binding.IsNamedPipe && !LoopbackRules.IsLoopback(binding.Host);
    }

    private static BindingAddress Parse(string address)
    {
        try
        {
            return BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            throw new InvalidOperationException($"'{address}' is no address to listen on: it needs a scheme, such as {Uri.UriSchemeHttp}://{address}");
        }
    }

    /// <summary>The addresses in Kestrel's order of precedence: the first kind that is present replaces the others.</summary>
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
