namespace StreamRelay.AspNetCore.Access;

/// <summary>One API key, in section <c>StreamRelay:Auth:Keys</c>. The key itself is never kept.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>What people call it, or <see langword="null"/>.</summary>
    public string? Name { get; set; }

    /// <summary>Whose tasks it sees. Required; several keys may have one owner.</summary>
    public string Owner { get; set; } = "";

    /// <summary>The lower-case hexadecimal SHA-256 of the key. Required.</summary>
    public string Hash { get; set; } = "";

    /// <summary>The agents it may start. Default none named, which means all.</summary>
    public IList<string> Agents { get; set; } = [];

    /// <summary>From when on the key is not accepted any more, such as <c>2027-01-31T00:00:00Z</c>; streams it opened end then. Default never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}
