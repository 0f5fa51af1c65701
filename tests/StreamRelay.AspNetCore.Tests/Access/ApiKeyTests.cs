using System.Net;

namespace StreamRelay.AspNetCore.Access;

public class ApiKeyTests
{
    [Fact]
    public void A_new_key_holds_256_random_bits_and_comes_with_its_hash()
    {
        var (key, hash) = ApiKey.Create();

        Assert.Matches("^sr-[A-Za-z0-9_-]{43}$", key);
        Assert.Equal(hash, ApiKey.Hash(key));
        Assert.Matches("^[0-9a-f]{64}$", hash);
        Assert.NotEqual(key, ApiKey.Create().Key);
    }

    [Fact]
    public async Task A_key_acts_for_its_owner()
    {
        await using var app = await AccessApp.StartWithKeysAsync();

        using var ada = await app.SendAsync("/v1/whoami", app.Ada.Key);
        using var bob = await app.SendAsync("/v1/whoami", headers: ("Authorization", $"bearer  {app.Bob.Key} "));

        Assert.Equal("ada", await ada.Content.ReadAsStringAsync());
        Assert.Equal("bob", await bob.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("ada", "anything", "true")]
    [InlineData("bob", "probe", "true")]
    [InlineData("bob", "write_tutorial", "false")]
    public async Task A_key_may_use_the_agents_it_names_or_all_when_it_names_none(string owner, string agent, string allowed)
    {
        await using var app = await AccessApp.StartWithKeysAsync();

        using var answer = await app.SendAsync($"/v1/agents/{agent}", owner == "ada" ? app.Ada.Key : app.Bob.Key);

        Assert.Equal(allowed, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Every_invalid_key_gets_the_same_answer()
    {
        await using var app = await AccessApp.StartWithKeysAsync();
        string?[] wrong = [null, "", "Bearer", "Bearer ", "Bearer sr-nothing", $"Bearer {app.Ada.Hash}", $"Basic {app.Ada.Key}", app.Ada.Key, $"Bearer {app.Ada.Key}x", $"Bearer {app.Ada.Key[..^1]}"];

        HashSet<string> bodies = [];
        foreach (var value in wrong)
        {
            using var answer = value is null ? await app.SendAsync("/v1/whoami") : await app.SendAsync("/v1/whoami", headers: ("Authorization", value));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
            var error = await answer.ErrorAsync();
            Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
            Assert.Equal("invalid_api_key", error.GetProperty("code").GetString());
            bodies.Add(error.GetRawText());
        }

        Assert.Single(bodies);
    }

    [Fact]
    public async Task Every_route_needs_a_key_but_health_and_files_of_the_page()
    {
        await using var app = await AccessApp.StartWithKeysAsync();

        foreach (var (path, status) in new[] { ("/health/live", 200), ("/health/ready", 200), ("/", 404), ("/app.js", 404), ("/openapi/v1.json", 404), ("/swagger/index.html", 404) })
        {
            using var open = await app.SendAsync(path);
            Assert.Equal(status, (int)open.StatusCode);
        }

        using var chat = await app.SendAsync("/api/chat", method: HttpMethod.Post);
        using var unknown = await app.SendAsync("/v1/unknown", method: HttpMethod.Post);
        Assert.Equal(HttpStatusCode.Unauthorized, chat.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
    }

    [Fact]
    public async Task With_anonymous_access_a_caller_without_a_key_is_anonymous_and_a_wrong_key_is_refused()
    {
        await using var app = await AccessApp.StartWithKeysAsync(("StreamRelay:Auth:AllowAnonymous", "true"));

        using var none = await app.SendAsync("/v1/whoami", headers: ("X-Forwarded-For", "10.0.0.1"));
        using var right = await app.SendAsync("/v1/whoami", app.Ada.Key);
        using var wrong = await app.SendAsync("/v1/whoami", "sr-nothing");

        Assert.Equal("anonymous", await none.Content.ReadAsStringAsync());
        Assert.Equal("ada", await right.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }
}
