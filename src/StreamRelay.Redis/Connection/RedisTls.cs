using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>The setting <c>caFile</c>: certificate authorities to trust instead of those of the system.</summary>
internal static class RedisTls
{
    /// <exception cref="FormatException">The file cannot be read.</exception>
    public static void Trust(ConfigurationOptions options, string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(caFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FormatException($"In the connection string of Redis, caFile cannot be read: {exception.Message}", exception);
        }

        options.SslClientAuthenticationOptions = host => new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = policy };
    }
}
