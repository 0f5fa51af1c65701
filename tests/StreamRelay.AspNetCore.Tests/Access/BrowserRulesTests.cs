using System.Net;

namespace StreamRelay.AspNetCore.Access;

/// <summary>What a page of another site gets through its visitor's browser.</summary>
public class BrowserRulesTests
{
    private const string Page = "https://app.example.com";

    [Theory]
    [InlineData("https://evil.example", null)]
    [InlineData("https://evil.example", "cross-site")]
    [InlineData("http://127.0.0.1:1", "same-site")]
    [InlineData("http://127.0.0.1:1", null)]
    [InlineData("null", null)]
    [InlineData(null, "cross-site")]
    [InlineData(null, "same-site")]
    public async Task A_page_of_another_site_gets_and_starts_nothing_with_or_without_keys(string? origin, string? site)
    {
        await using var anonymous = await AccessApp.StartAsync(("StreamRelay:Auth:AllowAnonymous", "true"));
        await using var keyed = await AccessApp.StartWithKeysAsync();

        foreach (var (app, key) in new[] { (anonymous, null), (keyed, keyed.Ada.Key) })
        {
            foreach (var (method, path) in new[] { (HttpMethod.Post, "/api/chat"), (HttpMethod.Get, "/v1/whoami"), (HttpMethod.Get, "/health/ready") })
            {
                using var answer = await app.SendAsync(path, key, method, Headers(origin, site));
                Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
                Assert.Equal("foreign_page", await answer.CodeAsync());
                Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
            }
        }
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "none")]
    [InlineData(null, "same-origin")]
    [InlineData("http://{host}", null)]
    [InlineData("http://{host}", "same-origin")]
    [InlineData("https://{host}", null)]
    [InlineData("https://behind.a.proxy", "same-origin")]
    [InlineData(Page, null)]
    [InlineData(Page, "cross-site")]
    public async Task Programs_own_pages_and_pages_of_configured_origins_are_served(string? origin, string? site)
    {
        await using var app = await AccessApp.StartAsync(("StreamRelay:Auth:AllowAnonymous", "true"), ("StreamRelay:Auth:Origins:0", Page));

        using var answer = await app.SendAsync("/v1/whoami", headers: Headers(origin?.Replace("{host}", app.Address.Authority, StringComparison.Ordinal), site));

        Assert.Equal("anonymous", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("relay.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("relay.evil.example:7860", HttpStatusCode.Forbidden)]
    [InlineData("192.168.1.5:7860", HttpStatusCode.OK)]
    [InlineData("[fe80::1]:7860", HttpStatusCode.OK)]
    [InlineData("streamrelay:7860", HttpStatusCode.OK)]
    public async Task Without_a_key_the_host_must_be_one_that_no_page_can_make_its_own(string host, HttpStatusCode status)
    {
        await using var app = await AccessApp.StartAsync(("StreamRelay:Auth:AllowAnonymous", "true"));

        using var answer = await app.SendAsync("/v1/whoami", headers: ("Host", host));

        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("relay.example.com")]
    [InlineData("*.example.com")]
    public async Task A_host_that_AllowedHosts_lists_is_served_without_a_key(string allowed)
    {
        await using var app = await AccessApp.StartAsync(("StreamRelay:Auth:AllowAnonymous", "true"), ("AllowedHosts", allowed));

        using var answer = await app.SendAsync("/v1/whoami", headers: ("Host", "relay.example.com"));

        Assert.Equal("anonymous", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_link_of_another_site_opens_a_download_with_its_ticket()
    {
        await using var app = await AccessApp.StartWithKeysAsync();
        var task = await app.AddTaskAsync("ada", names: "a.md");
        var ticket = await app.TicketAsync(app.Ada.Key, task);

        using var download = await app.SendAsync($"/download/{task}/a.md?ticket={ticket}", headers: ("Sec-Fetch-Site", "cross-site"));
        using var image = await app.SendAsync($"/v1/tasks/{task}/events", headers: [("Sec-Fetch-Site", "cross-site"), ("Cookie", $"streamrelay-x={ticket}")]);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (download.StatusCode, image.StatusCode));
    }

    private static (string, string)[] Headers(string? origin, string? site) =>
        [.. new[] { ("Origin", origin), ("Sec-Fetch-Site", site) }.Where(header => header.Item2 is not null).Select(header => (header.Item1, header.Item2!))];
}
