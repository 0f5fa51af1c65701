using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Reads the headers that carry a token: <c>Authorization</c>, and what other clients send instead: <c>api-key</c> (Azure OpenAI) and <c>x-api-key</c> (Anthropic).</summary>
internal static class BearerToken
{
    private const string Prefix = "Bearer ";

    private static readonly string[] KeyHeaders = ["api-key", "x-api-key"];

    /// <summary>Whether the request has one of the headers, valid or not.</summary>
    public static bool IsSent(IHeaderDictionary headers) => headers.Authorization.Count > 0 || KeyHeaders.Any(headers.ContainsKey);

    /// <summary>The token of the request, or <see langword="null"/>. <c>Authorization</c> wins.</summary>
    public static string? Read(IHeaderDictionary headers) =>
        headers.Authorization.Count > 0 ? Read(headers.Authorization)
        : KeyHeaders.FirstOrDefault(headers.ContainsKey) is { } name && headers[name] is [var key] ? key
        : null;

    /// <summary>The token, or <see langword="null"/> when the header is not one bearer token.</summary>
    private static string? Read(StringValues authorization) =>
        authorization.Count == 1 && authorization[0] is { } text && text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? text[Prefix.Length..].Trim()
            : null;
}
