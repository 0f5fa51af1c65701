using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StreamRelay.TestSupport;

/// <summary>Asks a server whether it is ready.</summary>
internal static class RedisPing
{
    /// <returns>The answer as it is on the wire.</returns>
    public static async Task<string> AskAsync(int port, string? caFile)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = caFile is null ? client.GetStream() : await SecureAsync(client.GetStream(), caFile);
        await stream.WriteAsync("PING\r\n"u8.ToArray());
        var answer = new byte[256];
        var length = await stream.ReadAsync(answer);
        return length > 0 ? Encoding.ASCII.GetString(answer, 0, length) : throw new IOException("The server closed the connection.");
    }

    private static async Task<Stream> SecureAsync(NetworkStream stream, string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = policy });
        return secure;
    }
}
