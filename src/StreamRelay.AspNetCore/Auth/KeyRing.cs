using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>The configured keys, and what a request without one is.</summary>
internal sealed class KeyRing
{
    public const string LocalOwner = "local";
    public const string AnonymousOwner = "anonymous";

    private readonly (byte[] Hash, ApiKeyOptions Key)[] _keys;

    public KeyRing(IOptions<AuthOptions> options)
    {
        _keys = [.. options.Value.Keys.Select(key => (Convert.FromHexString(key.Hash), key))];
        IsLocalOnly = IsEmpty && !options.Value.AllowAnonymous;
        KeylessOwner = options.Value.AllowAnonymous ? AnonymousOwner : IsEmpty ? LocalOwner : null;
    }

    public bool IsEmpty => _keys.Length == 0;

    /// <summary>Whether only programs on this machine are served.</summary>
    public bool IsLocalOnly { get; }

    /// <summary>The owner of a request without a key, or <see langword="null"/> when it is refused.</summary>
    public string? KeylessOwner { get; }

    /// <summary>Whether the owner can still make requests: a key taken away also ends what was signed for it.</summary>
    public bool Knows(string owner) => owner == KeylessOwner || _keys.Any(entry => entry.Key.Owner == owner);

    /// <summary>The caller with this key, or <see langword="null"/> when there is none.</summary>
    public ClaimsPrincipal? Find(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        ApiKeyOptions? found = null;

        // All are compared, and each in full: the time taken tells nothing about any of them.
        foreach (var entry in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, entry.Hash))
                found = entry.Key;
        }

        return found is null ? null : Caller.Create(found.Owner, found.Agents);
    }
}
