using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace StreamRelay.AspNetCore.Limits.Connections;

/// <summary>A connection that is counted until its socket is closed.</summary>
internal sealed class CountedConnection(ConnectionContext connection, ConnectionCounts counts) : ConnectionContext
{
    private readonly EndPoint? _remote = connection.RemoteEndPoint;
    private int _isClosed;

    public override string ConnectionId
    {
        get => connection.ConnectionId;
        set => connection.ConnectionId = value;
    }

    public override IFeatureCollection Features => connection.Features;

    public override IDictionary<object, object?> Items
    {
        get => connection.Items;
        set => connection.Items = value;
    }

    public override IDuplexPipe Transport
    {
        get => connection.Transport;
        set => connection.Transport = value;
    }

    public override CancellationToken ConnectionClosed
    {
        get => connection.ConnectionClosed;
        set => connection.ConnectionClosed = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => connection.LocalEndPoint;
        set => connection.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => connection.RemoteEndPoint;
        set => connection.RemoteEndPoint = value;
    }

    public override void Abort(ConnectionAbortedException abortReason) => connection.Abort(abortReason);

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await connection.DisposeAsync();
        }
        finally
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0)
                counts.Remove(_remote);

            await base.DisposeAsync();
        }
    }
}
