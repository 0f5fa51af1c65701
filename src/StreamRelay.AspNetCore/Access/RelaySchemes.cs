namespace StreamRelay.AspNetCore.Access;

/// <summary>The authentication schemes that StreamRelay adds. None of them is ever the application's default scheme.</summary>
public static class RelaySchemes
{
    /// <summary>The scheme of StreamRelay's own endpoints. It authenticates API keys, and forwards a ticket to <see cref="Ticket"/> and other credentials
    /// to the scheme that <see cref="AuthOptions.Scheme"/> names. Its challenge and its refusal are StreamRelay's error bodies.</summary>
    public const string Default = "StreamRelay";

    /// <summary>API keys, sent as <c>Authorization: Bearer</c>.</summary>
    public const string ApiKey = "StreamRelay.ApiKey";

    /// <summary>JSON Web Tokens of the provider that <see cref="JwtOptions"/> names; added only where the section is set.</summary>
    public const string Jwt = "StreamRelay.Jwt";

    /// <summary>Tickets, sent as <c>?ticket=</c>, and the cookies they are exchanged for.</summary>
    public const string Ticket = "StreamRelay.Ticket";
}
