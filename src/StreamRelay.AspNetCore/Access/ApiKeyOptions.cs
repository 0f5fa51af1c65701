using System.ComponentModel.DataAnnotations;

namespace StreamRelay.AspNetCore.Access;

/// <summary>One API key, in section <c>StreamRelay:Auth:Keys</c>. The key itself is not stored.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>A name for people. Default none.</summary>
    public string? Name { get; set; }

    /// <summary>The owner that callers with this key act for. Required; several keys may have one owner.</summary>
    public string Owner { get; set; } = "";

    /// <summary>The lower-case hexadecimal SHA-256 of the key. Required.</summary>
    public string Hash { get; set; } = "";

    /// <summary>What callers with this key may do: <c>start</c>, <c>read</c>, <c>push</c> and <c>admin</c>. Default empty, which means all but <c>admin</c>.</summary>
    public IList<string> Scopes { get; set; } = [];

    /// <summary>The agents that callers with this key may start, and whose tasks they see. Default empty, which means all agents.</summary>
    public IList<string> Agents { get; set; } = [];

    /// <summary>Requests a minute with this key, on all nodes of a cluster together; more are refused with 429. Default 0: <c>StreamRelay:Limits:RequestsPerMinutePerKey</c>.</summary>
    [Range(0, 10_000_000)]
    public int RequestsPerMinute { get; set; }

    /// <summary>The time at which the key expires, such as <c>2027-01-31T00:00:00Z</c>; the streams that it opened end then. Default never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}
