using System.Net;

namespace StreamRelay.AspNetCore.Access;

public class CorsTests
{
    private const string Page = "https://app.example.com";

    [Fact]
    public async Task Without_configured_origins_no_page_of_another_site_is_served()
    {
        await using var app = await AccessApp.StartAsync();
        using var preflight = await PreflightAsync(app, Page);
        using var call = await app.SendAsync("/v1/whoami", headers: ("Origin", Page));
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.Forbidden, call.StatusCode);
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_may_send_every_request_header_and_read_every_response_header_of_the_protocols()
    {
        await using var app = await AccessApp.StartWithKeysAsync(("StreamRelay:Auth:Origins:0", Page));
        using var preflight = await PreflightAsync(app, Page);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(Page, preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("true", preflight.Headers.GetValues("Access-Control-Allow-Credentials").Single());
        using var call = await app.SendAsync("/v1/whoami", app.Ada.Key, headers: ("Origin", Page));
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        var exposed = string.Join(',', call.Headers.GetValues("Access-Control-Expose-Headers"));
        foreach (var header in (string[])["X-Request-Id", "request-id", "X-Task-Id", "Retry-After", "Location", "Stream-Next-Offset", "Content-Disposition"])
            Assert.Contains(header, exposed);

        var allowed = preflight.Headers.GetValues("Access-Control-Allow-Headers").Single().Split(',');
        foreach (var header in (string[])["user-agent", "openai-organization", "openai-project", "api-key", "x-api-key", "anthropic-version", "anthropic-beta", "anthropic-dangerous-direct-browser-access", "x-stainless-retry-count"])
            Assert.Contains(header, allowed, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com.evil.com")]
    [InlineData("null")]
    public async Task Only_the_exact_origin_counts(string origin)
    {
        await using var app = await AccessApp.StartWithKeysAsync(("StreamRelay:Auth:Origins:0", Page));
        using var preflight = await PreflightAsync(app, origin);
        using var call = await app.SendAsync("/v1/whoami", app.Ada.Key, headers: ("Origin", origin));
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(call.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_can_read_an_error_response()
    {
        await using var app = await AccessApp.StartWithKeysAsync(("StreamRelay:Auth:Origins:0", Page));
        using var refused = await app.SendAsync("/v1/whoami", "wrong", headers: ("Origin", Page));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(Page, refused.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Without_keys_an_allowed_origin_on_this_machine_is_served()
    {
        await using var app = await AccessApp.StartAsync(("StreamRelay:Auth:Origins:0", Page));
        using var named = await app.SendAsync("/v1/whoami", headers: [("Origin", Page), ("Sec-Fetch-Site", "cross-site")]);
        using var other = await app.SendAsync("/v1/whoami", headers: [("Origin", "https://evil.example.com"), ("Sec-Fetch-Site", "cross-site")]);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (named.StatusCode, other.StatusCode));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("app.example.com")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com/path")]
    public async Task An_origin_that_is_not_exact_stops_the_start_and_is_named(string origin)
    {
        var mistake = await Assert.ThrowsAnyAsync<Exception>(() => AccessApp.StartAsync(("StreamRelay:Auth:Origins:0", origin)));
        Assert.Contains("StreamRelay:Auth:Origins:0", mistake.Message);
    }

    private static Task<HttpResponseMessage> PreflightAsync(AccessApp app, string origin) => app.SendAsync("/v1/whoami", null, HttpMethod.Options,
        ("Origin", origin), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization,content-type,last-event-id,idempotency-key,x-stainless-retry-count"));
}
