namespace StreamRelay.AspNetCore.Access;

/// <summary>Who may use the server. Section <c>StreamRelay:Auth</c>.</summary>
/// <remarks>Without a key and without <see cref="AllowAnonymous"/>, only programs on this machine are served.</remarks>
public sealed class AuthOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Auth";

    /// <summary>The API keys. Default none.</summary>
    public IList<ApiKeyOptions> Keys { get; set; } = [];

    /// <summary>Whether requests without a key are served, from anywhere, as the owner <c>anonymous</c>. Default false.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>The web origins, such as <c>https://app.example.com</c>, whose pages may call this server from a browser. Default none.</summary>
    public IList<string> Origins { get; set; } = [];
}
