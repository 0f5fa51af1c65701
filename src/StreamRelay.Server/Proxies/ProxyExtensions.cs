using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Configuration;
using StreamRelay.Configuration;
using IPNetwork = System.Net.IPNetwork;

namespace StreamRelay.Server.Proxies;

/// <summary>Takes the client's address and scheme from the requests of trusted proxies.</summary>
internal static class ProxyExtensions
{
    /// <summary>Adds the options. An entry that is no address and no network stops the start.</summary>
    public static void AddTrustedProxies(this IServiceCollection services)
    {
        services.AddSingleton(new OptionsSection(ProxyOptions.Section, typeof(ProxyOptions)));
        services.AddOptions<ProxyOptions>().BindSection(ProxyOptions.Section)
            .Validate(static options => options.Trusted.All(static proxy => Parse(proxy) is not null), $"{ProxyOptions.Section}:Trusted must hold addresses such as 127.0.0.1, and networks such as 10.0.0.0/8.")
            .ValidateOnStart();
    }

    /// <summary>Later middleware sees the address and the scheme of the client instead of those of a trusted proxy.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Trusted;
        if (trusted.Count == 0)
            return;

        // Each proxy of a chain has added the address of the one before it. The first that is not trusted is the client.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in trusted)
            options.KnownIPNetworks.Add(Parse(proxy)!.Value);

        app.UseForwardedHeaders(options);
    }

    private static IPNetwork? Parse(string proxy) =>
        IPAddress.TryParse(proxy, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(proxy, out var network) ? network
        : null;
}
