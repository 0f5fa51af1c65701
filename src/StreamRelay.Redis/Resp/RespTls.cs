using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace StreamRelay.Redis.Resp;

/// <summary>Whom to trust: the system's authorities, or the one in a file instead of them.</summary>
internal static class RespTls
{
    public static SslClientAuthenticationOptions Options(RedisOptions options) => new()
    {
        TargetHost = options.TlsHost ?? options.Host,
        CertificateChainPolicy = options.CaFile is null ? null : Policy(options.CaFile),
    };

    private static X509ChainPolicy Policy(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        return policy;
    }
}
