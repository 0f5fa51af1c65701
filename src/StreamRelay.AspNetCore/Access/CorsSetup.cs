using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Adds the CORS policy of StreamRelay's endpoints: the configured origins, with credentials and with every header that one of the protocols uses.</summary>
internal sealed class CorsSetup(KeyRing keys) : IConfigureOptions<CorsOptions>
{
    /// <summary>The policy's name.</summary>
    public const string Policy = "StreamRelay";

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(1);

    private static readonly string[] Allowed =
    [
        "Authorization", "api-key", "x-api-key", "Content-Type", "Last-Event-ID", "Idempotency-Key", "If-None-Match", "Cache-Control",
        "Producer-Id", "Producer-Epoch", "Producer-Seq", "User-Agent", "OpenAI-Organization", "OpenAI-Project", "OpenAI-Beta", "X-Client-Request-Id",
        "anthropic-version", "anthropic-beta", "anthropic-dangerous-direct-browser-access", "anthropic-user-profile-id", "X-Stainless-Helper",
        "X-Stainless-Arch", "X-Stainless-Helper-Method", "X-Stainless-Lang", "X-Stainless-OS", "X-Stainless-Package-Version", "X-Stainless-Poll-Helper",
        "X-Stainless-Custom-Poll-Interval", "X-Stainless-Retry-Count", "X-Stainless-Runtime", "X-Stainless-Runtime-Version", "X-Stainless-Timeout",
    ];

    private static readonly string[] Exposed =
    [
        "X-Request-Id", "request-id", "X-Task-Id", "Retry-After", "Location", "ETag", "Content-Disposition", "X-StreamRelay-Dropped", "x-vercel-ai-ui-message-stream",
        "Stream-Next-Offset", "Stream-Cursor", "Stream-Up-To-Date", "Stream-Closed", "Stream-TTL", "Stream-Expires-At",
        "Producer-Epoch", "Producer-Seq", "Producer-Expected-Seq", "Producer-Received-Seq",
    ];

    public void Configure(CorsOptions options) => options.AddPolicy(Policy, policy => policy
        .SetIsOriginAllowed(keys.Origins.Contains)
        .WithHeaders(Allowed)
        .WithExposedHeaders(Exposed)
        .WithMethods("GET", "HEAD", "POST", "PUT", "DELETE")
        .AllowCredentials()
        .SetPreflightMaxAge(PreflightLifetime));
}
