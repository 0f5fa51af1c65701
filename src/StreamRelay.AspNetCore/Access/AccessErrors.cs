using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Requests;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The answers of access control. They do not depend on what was wrong with a key.</summary>
internal static class AccessErrors
{
    private const string WayOut =
        $"make a key with the option --new-key, then set {AuthOptions.Section}:Keys:0:Owner and {AuthOptions.Section}:Keys:0:Hash";

    /// <summary>How to stop a start that would serve anyone.</summary>
    public static string OpenToAnyone(string address) =>
        $"Listening on {address} would let other machines in, and no API key is configured: {WayOut}; "
        + $"or listen on http://127.0.0.1:7860 only; or, to serve anyone without a key, set {AuthOptions.Section}:AllowAnonymous to true.";

    /// <summary>401.</summary>
    public static Task UnauthorizedAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return ApiResults.Error(StatusCodes.Status401Unauthorized, new(
            "A valid API key is required, as 'Authorization: Bearer <key>', or a ticket for this task that is not older than a minute.",
            "invalid_request_error", null, "invalid_api_key")).ExecuteAsync(context);
    }

    /// <summary>403: no key is configured, and the request may be another machine's or a web page's.</summary>
    public static Task LocalOnlyAsync(HttpContext context, string reason) =>
        ApiResults.Error(StatusCodes.Status403Forbidden, new(
            $"No API key is configured, so only programs on this machine are served, and {reason}. To serve others, {WayOut}.",
            "invalid_request_error", null, "local_only")).ExecuteAsync(context);
}
