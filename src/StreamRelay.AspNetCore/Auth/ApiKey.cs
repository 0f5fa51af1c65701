using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>API keys: <c>sr-</c> and 256 random bits. Only their hash is configured or stored.</summary>
public static class ApiKey
{
    private const int Bytes = 32;

    /// <summary>Makes a key and its hash.</summary>
    public static (string Key, string Hash) Create()
    {
        var key = "sr-" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        return (key, Convert.ToHexStringLower(Hash(key)));
    }

    internal static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
