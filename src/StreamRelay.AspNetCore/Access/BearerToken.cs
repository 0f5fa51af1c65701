using Microsoft.Extensions.Primitives;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Reads the header <c>Authorization</c>.</summary>
internal static class BearerToken
{
    private const string Prefix = "Bearer ";

    /// <summary>The token, or <see langword="null"/> when the header is not one bearer token.</summary>
    public static string? Read(StringValues authorization) =>
        authorization.Count == 1 && authorization[0] is { } text && text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? text[Prefix.Length..].Trim()
            : null;
}
