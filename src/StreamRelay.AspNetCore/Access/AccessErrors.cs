using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The responses to requests that are refused. They do not depend on what is wrong with a key.</summary>
internal static class AccessErrors
{
    private const string KeyHint =
        $"make a key with the option --new-key, then set {AuthOptions.Section}:Keys:0:Owner and {AuthOptions.Section}:Keys:0:Hash";

    /// <summary>The message of a start that is refused, because anyone could use the server.</summary>
    public static string OpenToAnyone(string address) =>
        $"Listening on {address} would let other machines in, and no API key is configured: {KeyHint}; "
        + $"or listen on http://127.0.0.1:7860 only; or, in an application with its own authentication, set {AuthOptions.Section}:Scheme to its scheme; "
        + $"or, to serve anyone without a key, set {AuthOptions.Section}:AllowAnonymous to true.";

    /// <summary>401.</summary>
    public static Task UnauthorizedAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return ApiResults.Error(StatusCodes.Status401Unauthorized, new(
            "A valid API key is required, as 'Authorization: Bearer <key>', 'x-api-key: <key>' or 'api-key: <key>', or a ticket for this task that is not older than a minute.",
            "invalid_request_error", null, "invalid_api_key")).ExecuteAsync(context);
    }

    /// <summary>403: no policy of the endpoint admits the caller, which lacks a scope or something that only the application knows.</summary>
    public static IResult Forbidden(string? missingScope) => ApiResults.Error(StatusCodes.Status403Forbidden, missingScope is not null
        ? new($"This needs the scope '{missingScope}', which the credentials of the request do not have.", "invalid_request_error", null, "insufficient_scope")
        : new(
        "The caller is authenticated, but a policy of this endpoint does not admit it, or its credentials name no owner.", "invalid_request_error", null, "forbidden"));

    /// <summary>403: access is not configured, and the request may come from another machine or from a web page.</summary>
    public static IResult LocalOnly(string reason) => ApiResults.Error(StatusCodes.Status403Forbidden, new(
        $"No API key is configured, so only programs on this machine are served, and {reason}. To serve others, {KeyHint}.",
        "invalid_request_error", null, "local_only"));

    /// <summary>403: a page of another site made the request.</summary>
    public static IResult ForeignPage(string origin) => ApiResults.Error(StatusCodes.Status403Forbidden, new(
        $"This request was made by a page of another site. To serve the pages of an origin{(origin.Length > 0 ? $" such as '{origin}'" : "")}, add it to {AuthOptions.Section}:Origins.",
        "invalid_request_error", "Origin", "foreign_page"));

    /// <summary>403: requests without a key are served, and a page could have made its own host name resolve to this server.</summary>
    public static IResult UnknownHost(string host) => ApiResults.Error(StatusCodes.Status403Forbidden, new(
        $"Requests without a key are served here, so the host name of a request must be known, and '{host}' is not. To serve it, add it to AllowedHosts.",
        "invalid_request_error", "Host", "unknown_host"));
}
