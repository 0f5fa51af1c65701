namespace StreamRelay.Keys;

/// <summary>Stores API keys, for all nodes of a cluster. A key is never removed, so that what it was used for can be found out.</summary>
public interface IKeyStore
{
    /// <summary>Stores a new key.</summary>
    ValueTask AddAsync(StoredKey key, CancellationToken cancellationToken);

    /// <summary>All keys, the expired and revoked ones too, oldest first.</summary>
    ValueTask<IReadOnlyList<StoredKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Lets a key expire at a time, unless it expires earlier.</summary>
    ValueTask ExpireAsync(string hash, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Stores when keys were used last, by their hashes.</summary>
    ValueTask UseAsync(IReadOnlyDictionary<string, DateTimeOffset> uses, CancellationToken cancellationToken);
}
