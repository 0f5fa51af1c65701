namespace StreamRelay.AspNetCore.Auth;

/// <summary>Who may call. Section <c>StreamRelay:Auth</c>.</summary>
public sealed class AuthOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Auth";

    /// <summary>The keys there are. Default none: only this machine is served.</summary>
    public IList<AuthKey> Keys { get; } = [];

    /// <summary>Whether callers without a key are served too, as the owner <c>anonymous</c>. Default <see langword="false"/>.</summary>
    public bool AllowAnonymous { get; set; }
}
