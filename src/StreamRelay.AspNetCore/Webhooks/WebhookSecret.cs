using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Signs messages as the Standard Webhooks specification requires, with a shared secret (<c>v1</c>).</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int ShortestText = 16;
    private const int ShortestKey = 24;
    private const int LongestKey = 64;

    /// <summary>Reads the key from a secret.</summary>
    /// <returns><see langword="false"/> when the secret is too short, or is not base64 after its prefix.</returns>
    public static bool TryRead(string secret, out byte[] key)
    {
        key = [];
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            key = Encoding.UTF8.GetBytes(secret);
            return secret.Trim().Length >= ShortestText;
        }

        var bytes = new byte[secret.Length];
        if (!Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var length) || length is < ShortestKey or > LongestKey)
            return false;

        key = bytes[..length];
        return true;
    }

    /// <summary>The header <c>webhook-signature</c>.</summary>
    /// <param name="key">The key of the secret.</param>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>, in seconds since 1970.</param>
    /// <param name="body">The body as it is sent.</param>
    public static string Sign(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
