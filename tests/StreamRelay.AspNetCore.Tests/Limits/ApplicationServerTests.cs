using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Limits.Connections;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>What an application that embeds StreamRelay finds changed in its web server.</summary>
public sealed class ApplicationServerTests
{
    [Fact]
    public async Task Streams_may_be_slow_and_many_on_a_connection()
    {
        var kestrel = await StartAsync<IOptions<KestrelServerOptions>>(static _ => { });

        Assert.Null(kestrel.Value.Limits.MinResponseDataRate);
        Assert.Equal(1000, kestrel.Value.Limits.Http2.MaxStreamsPerConnection);
    }

    [Fact]
    public async Task What_the_application_sets_applies_also_when_it_comes_first()
    {
        var kestrel = await StartAsync<IOptions<KestrelServerOptions>>(static services => services.Configure<KestrelServerOptions>(options =>
            (options.Limits.MinResponseDataRate, options.Limits.Http2.MaxStreamsPerConnection) = (new(100, TimeSpan.FromSeconds(5)), 7)));

        Assert.Equal(100, kestrel.Value.Limits.MinResponseDataRate?.BytesPerSecond);
        Assert.Equal(7, kestrel.Value.Limits.Http2.MaxStreamsPerConnection);
    }

    [Fact]
    public async Task Its_sockets_and_its_connections_are_its_own()
    {
        var sockets = await StartAsync<IOptions<SocketTransportOptions>>(static _ => { });
        var transports = await StartAsync<IEnumerable<IConnectionListenerFactory>>(static _ => { });

        Assert.Equal(new SocketTransportOptions().CreateBoundListenSocket, sockets.Value.CreateBoundListenSocket);
        Assert.DoesNotContain(transports, transport => transport is LimitedTransport);
    }

    [Fact]
    public async Task A_limit_of_connections_needs_a_line_that_the_refusal_names()
    {
        var limit = ("StreamRelay:Limits:Connections", "100");

        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => HostApp.StartAsync(limit));
        await using var limited = await HostApp.StartAsync(new HostAppParts { Services = services => services.AddStreamRelayConnectionLimits() }, limit);

        Assert.Contains("builder.Services.AddStreamRelayConnectionLimits()", thrown.Message, StringComparison.Ordinal);
        Assert.Equal("the application's page", await limited.Client.GetStringAsync("/"));
    }

    private static async Task<TService> StartAsync<TService>(Action<IServiceCollection> configure)
        where TService : notnull
    {
        var service = default(TService);
        await using var host = await HostApp.StartAsync(new HostAppParts { Services = configure, Pipeline = app => service = app.Services.GetRequiredService<TService>() });
        return service!;
    }
}
