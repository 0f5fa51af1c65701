namespace StreamRelay.AspNetCore.Auth;

/// <summary>An API key as it is configured: never the key itself.</summary>
public sealed class AuthKey
{
    /// <summary>A name for people.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whose tasks it starts and sees; keys may share an owner.</summary>
    public string Owner { get; set; } = "";

    /// <summary>The key's SHA-256 as 64 lower-case hexadecimal digits.</summary>
    public string Hash { get; set; } = "";

    /// <summary>The agents it may start; none means all.</summary>
    public IList<string> Agents { get; } = [];
}
