using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace StreamRelay.AspNetCore.Limits.Connections;

/// <summary>Accepts connections while there are fewer than the limits allow, and closes the others at once.</summary>
internal sealed partial class LimitedListener(IConnectionListener listener, ConnectionCounts counts, LimitMetrics metrics, TimeProvider time, ILogger logger) : IConnectionListener
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private long _refused;
    private long? _logged;

    public EndPoint EndPoint => listener.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await listener.AcceptAsync(cancellationToken) is { } connection)
        {
            if (counts.TryAdd(connection.RemoteEndPoint))
                return new CountedConnection(connection, counts);

            // One at a time: the others wait in the system's queue, where they take no descriptor.
            connection.Abort(new("There are too many connections."));
            await connection.DisposeAsync();
            Report(connection.RemoteEndPoint);
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

    public ValueTask DisposeAsync() => listener.DisposeAsync();

    private void Report(EndPoint? remote)
    {
        _refused++;
        metrics.Refuse("connections");
        if (_logged is { } last && time.GetElapsedTime(last) < LogInterval)
            return;

        _logged = time.GetTimestamp();
        Refused(_refused, remote);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Count} connections were closed since the start because there are too many, the last one of {Address} (StreamRelay:Limits:Connections, :ConnectionsPerAddress)")]
    private partial void Refused(long count, EndPoint? address);
}
