using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Limits.Connections;

/// <summary>The web server's sockets, with as many connections as <see cref="LimitOptions.Connections"/> and <see cref="LimitOptions.ConnectionsPerAddress"/> allow in sum.</summary>
internal sealed class LimitedTransport(
    IOptions<SocketTransportOptions> sockets, IOptions<LimitOptions> limits, LimitMetrics metrics, TimeProvider time, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(sockets, loggers);
    private readonly ILogger _logger = loggers.CreateLogger<LimitedTransport>();
    private readonly Lazy<ConnectionCounts> _counts = new(() => Counts(limits.Value));

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new LimitedListener(await _sockets.BindAsync(endpoint, cancellationToken), _counts.Value, metrics, time, _logger);

    // A third of the descriptors that are free at the start is left to files, stores, upstream servers and agents' processes.
    private static ConnectionCounts Counts(LimitOptions options)
    {
        var limit = options.Connections > 0 ? options.Connections : DescriptorLimit.CountFree() is { } free ? Math.Max(1, free * 2 / 3) : 0;
        return new(limit, options.ConnectionsPerAddress > 0 ? options.ConnectionsPerAddress : (limit + 1) / 2);
    }
}
