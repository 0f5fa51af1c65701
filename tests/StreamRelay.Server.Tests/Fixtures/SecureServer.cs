using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Fixtures;

/// <summary>A server for one version of HTTP, with or without TLS, and a client that uses that version only.</summary>
internal sealed class SecureServer : IAsyncDisposable
{
    private const string Password = "only for this run";

    private readonly string _folder;
    private readonly ServerProcess _server;
    private int _connections;

    private SecureServer(string folder, ServerProcess server, Uri address, Version version, string? thumbprint)
    {
        _folder = folder;
        _server = server;
        var handler = new SocketsHttpHandler { ConnectCallback = ConnectAsync, AutomaticDecompression = DecompressionMethods.None };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == thumbprint;
        Client = new(handler)
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip, br");
    }

    public HttpClient Client { get; }

    /// <summary>The number of connections that the client has opened.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>HTTP/1.1 or HTTP/2 over TLS, or HTTP/2 without it.</summary>
    public static async Task<SecureServer> StartAsync(string scheme, Version version)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        var address = new Uri($"{scheme}://127.0.0.1:{Loopback.FreePort()}");
        if (scheme == "http")
            return new(folder, await ServerProcess.StartAsync(data, $"--Urls={address}", "--Kestrel:EndpointDefaults:Protocols=Http2"), address, version, null);

        using var certificate = CreateCertificate();
        var path = Path.Combine(folder, "server.pfx");
        await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pfx, Password));
        var server = await ServerProcess.StartAsync(
            data, $"--Urls={address}", $"--Kestrel:Certificates:Default:Path={path}", $"--Kestrel:Certificates:Default:Password={Password}");
        return new(folder, server, address, version, certificate.GetCertHashString());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _connections);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }
}
