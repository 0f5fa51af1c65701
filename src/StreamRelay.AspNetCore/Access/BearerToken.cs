using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Reads the headers that carry a token: <c>Authorization</c>, and <c>api-key</c>, which clients of Azure OpenAI send instead.</summary>
internal static class BearerToken
{
    private const string Prefix = "Bearer ";
    private const string ApiKeyHeader = "api-key";

    /// <summary>Whether the request has one of the headers, valid or not.</summary>
    public static bool IsSent(IHeaderDictionary headers) => headers.Authorization.Count > 0 || headers.ContainsKey(ApiKeyHeader);

    /// <summary>The token of the request, or <see langword="null"/>. <c>Authorization</c> wins.</summary>
    public static string? Read(IHeaderDictionary headers) =>
        headers.Authorization.Count > 0 ? Read(headers.Authorization)
        : headers.TryGetValue(ApiKeyHeader, out var key) && key.Count == 1 ? key[0]
        : null;

    /// <summary>The token, or <see langword="null"/> when the header is not one bearer token.</summary>
    private static string? Read(StringValues authorization) =>
        authorization.Count == 1 && authorization[0] is { } text && text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? text[Prefix.Length..].Trim()
            : null;
}
