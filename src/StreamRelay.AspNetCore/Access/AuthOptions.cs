using System.Security.Claims;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Who may use StreamRelay's endpoints. Section <c>StreamRelay:Auth</c>.</summary>
/// <remarks>Without a key, without <see cref="Scheme"/> and without <see cref="AllowAnonymous"/>, only programs on this machine are served.</remarks>
public sealed class AuthOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Auth";

    /// <summary>The API keys. Default none.</summary>
    public IList<ApiKeyOptions> Keys { get; set; } = [];

    /// <summary>Whether requests without a key are served, from anywhere, as the owner <c>anonymous</c>. Default false.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>The name of an authentication scheme of the application, such as <c>Bearer</c>, that authenticates callers of StreamRelay's endpoints
    /// beside tickets and, where keys are configured, tokens that begin with <c>sr-</c>. Default none.</summary>
    public string? Scheme { get; set; }

    /// <summary>The type of the claim whose value is the owner. A caller sees the tasks of its owner only. Default <see cref="ClaimTypes.NameIdentifier"/>,
    /// to which ASP.NET Core maps the claim <c>sub</c> of a JSON Web Token; <c>sub</c> where the application turned that mapping off.</summary>
    public string OwnerClaim { get; set; } = ClaimTypes.NameIdentifier;

    /// <summary>The web origins, such as <c>https://app.example.com</c>, whose pages may call StreamRelay's endpoints from a browser. Default none.
    /// The application calls <c>UseCors()</c> before <c>UseAuthorization()</c>. The first origin takes effect at the next start, further ones at once.</summary>
    public IList<string> Origins { get; set; } = [];
}
