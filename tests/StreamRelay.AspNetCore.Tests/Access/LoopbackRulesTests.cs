using System.Net;

namespace StreamRelay.AspNetCore.Access;

public class LoopbackRulesTests
{
    [Theory]
    [InlineData("Forwarded", "for=10.0.0.1")]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("X-Forwarded-Host", "relay.example")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Forwarded-Prefix", "/relay")]
    [InlineData("X-Real-IP", "10.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Original-Host", "relay.example")]
    [InlineData("X-Original-URL", "/v1/models")]
    [InlineData("X-Client-IP", "10.0.0.1")]
    [InlineData("X-Cluster-Client-Ip", "10.0.0.1")]
    [InlineData("True-Client-IP", "10.0.0.1")]
    [InlineData("CF-Connecting-IP", "10.0.0.1")]
    [InlineData("CF-Ray", "8a1")]
    [InlineData("CDN-Loop", "cloudflare")]
    [InlineData("Fastly-Client-IP", "10.0.0.1")]
    [InlineData("Fly-Client-IP", "10.0.0.1")]
    [InlineData("X-Envoy-External-Address", "10.0.0.1")]
    [InlineData("X-Amzn-Trace-Id", "Root=1")]
    [InlineData("X-Azure-SocketIP", "10.0.0.1")]
    [InlineData("X-ARR-LOG-ID", "1")]
    [InlineData("X-Appengine-User-IP", "10.0.0.1")]
    [InlineData("X-ProxyUser-Ip", "10.0.0.1")]
    [InlineData("WL-Proxy-Client-IP", "10.0.0.1")]
    [InlineData("Tailscale-User-Login", "ada")]
    [InlineData("X-Remote-Addr", "10.0.0.1")]
    [InlineData("Host", "relay.example")]
    [InlineData("Host", "localhost.relay.example")]
    [InlineData("Host", "127.0.0.1.relay.example")]
    [InlineData("Host", "192.168.1.5")]
    [InlineData("Origin", "https://relay.example")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Without_keys_a_proxy_or_a_page_of_another_site_is_refused(string header, string value)
    {
        await using var app = await AccessApp.StartAsync();

        foreach (var path in new[] { "/v1/whoami", "/health/live", "/", "/openapi/v1.json" })
        {
            using var answer = await app.SendAsync(path, headers: (header, value));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            var error = await answer.ErrorAsync();
            Assert.Equal(path == "/health/live" && header is ("Origin" or "Sec-Fetch-Site") ? "foreign_page" : "local_only", error.GetProperty("code").GetString());
            Assert.Contains("StreamRelay:Auth:", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Host", "localhost")]
    [InlineData("Host", "LOCALHOST:99")]
    [InlineData("Host", "127.1.2.3:80")]
    [InlineData("Host", "[::1]:80")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Authorization", "Bearer anything")]
    public async Task Without_keys_a_program_or_the_own_page_on_this_machine_is_the_owner_local(string header, string value)
    {
        await using var app = await AccessApp.StartAsync();

        using var answer = await app.SendAsync("/v1/whoami", headers: (header, value));

        Assert.Equal("local", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_keys_the_server_s_own_origin_is_served()
    {
        await using var app = await AccessApp.StartAsync();

        using var answer = await app.SendAsync("/v1/whoami", headers: ("Origin", app.Address.GetLeftPart(UriPartial.Authority)));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task With_a_key_a_proxy_and_another_host_are_served()
    {
        await using var app = await AccessApp.StartWithKeysAsync();

        using var answer = await app.SendAsync("/v1/whoami", app.Ada.Key, null, ("Host", "relay.example"), ("X-Forwarded-For", "10.0.0.1"), ("Origin", "https://relay.example"));

        Assert.Equal("ada", await answer.Content.ReadAsStringAsync());
    }
}
