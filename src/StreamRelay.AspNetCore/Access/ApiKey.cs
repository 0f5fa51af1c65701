using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Makes API keys: <c>sr-</c> and 256 random bits as base64url. Only the hash of a key is configured.</summary>
public static class ApiKey
{
    /// <summary>The beginning of every key.</summary>
    internal const string Prefix = "sr-";

    private const int RandomBytes = 32;

    /// <summary>A new key, and the hash to configure for it.</summary>
    public static (string Key, string Hash) Create()
    {
        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        return (key, Hash(key));
    }

    /// <summary>The lower-case hexadecimal SHA-256 of a key.</summary>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Whether the text has the form of a hash.</summary>
    internal static bool IsHash(string? text) =>
        text?.Length == 2 * SHA256.HashSizeInBytes && text.All(static digit => char.IsAsciiDigit(digit) || digit is >= 'a' and <= 'f');
}
