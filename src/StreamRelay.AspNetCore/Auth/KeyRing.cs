using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>Finds the configured key that a caller presents.</summary>
internal sealed class KeyRing(IOptions<AuthOptions> options)
{
    private readonly (AuthKey Key, byte[] Hash)[] _keys = [.. options.Value.Keys.Select(key => (key, Convert.FromHexString(key.Hash)))];

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _keys.Length == 0;

    /// <summary>The key, or <see langword="null"/>. Takes the same time whether and where it matches.</summary>
    public AuthKey? Find(string presented)
    {
        var hash = ApiKey.Hash(presented);
        AuthKey? found = null;
        foreach (var (key, expected) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, expected))
                found = key;
        }

        return found;
    }
}
