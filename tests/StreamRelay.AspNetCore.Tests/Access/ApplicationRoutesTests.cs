using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Nothing of StreamRelay runs on a route of the application.</summary>
public class ApplicationRoutesTests
{
    [Theory]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("Host", "app.example")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Authorization", "Bearer sr-nothing")]
    public async Task A_page_of_the_application_is_served_to_anyone_without_headers_of_StreamRelay(string header, string value)
    {
        await using var host = await HostApp.StartAsync();

        using var page = await host.GetAsync("/", headers: (header, value));

        Assert.Equal("the application's page", await page.Content.ReadAsStringAsync());
        Assert.False(page.Headers.Contains("X-Request-Id"));
    }

    [Fact]
    public async Task A_secured_endpoint_of_the_application_accepts_its_own_tokens_and_no_key_of_StreamRelay()
    {
        var (key, hash) = ApiKey.Create();
        await using var host = await HostApp.StartAsync(("StreamRelay:Auth:Keys:0:Owner", "ada"), ("StreamRelay:Auth:Keys:0:Hash", hash));

        using var anonymous = await host.GetAsync("/secret");
        using var withKey = await host.GetAsync("/secret", key);
        using var withToken = await host.GetAsync("/secret", WebTokens.Create("alice"));
        using var relay = await host.GetAsync("/v1/tasks", key);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (anonymous.StatusCode, withKey.StatusCode));
        Assert.Empty(await anonymous.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (withToken.StatusCode, relay.StatusCode));
    }

    [Fact]
    public async Task The_application_s_tokens_open_nothing_of_StreamRelay_unless_its_scheme_is_configured()
    {
        var hash = ApiKey.Create().Hash;
        await using var host = await HostApp.StartAsync(("StreamRelay:Auth:Keys:0:Owner", "ada"), ("StreamRelay:Auth:Keys:0:Hash", hash));

        using var refused = await host.GetAsync("/v1/tasks", WebTokens.Create("ada"));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("invalid_api_key", await refused.CodeAsync());
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/v1/nothing")]
    public async Task A_path_without_an_endpoint_gets_the_application_s_own_404(string path)
    {
        await using var host = await HostApp.StartAsync();

        using var missing = await host.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("the application's page for 404", await missing.Content.ReadAsStringAsync());
        Assert.False(missing.Headers.Contains("X-Request-Id"));
    }

    [Fact]
    public async Task An_exception_goes_to_the_application_s_handler_on_its_routes_and_becomes_the_error_body_on_StreamRelay_s()
    {
        await using var host = await HostApp.StartAsync(new HostAppParts { Relay = app => app.MapStreamRelay().MapGet("/v1/broken", string () => throw new InvalidOperationException("failed")) });

        using var own = await host.GetAsync("/broken");
        using var relay = await host.GetAsync("/v1/broken");

        Assert.Equal("the application's error page", await own.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError), (own.StatusCode, relay.StatusCode));
        Assert.Equal("internal_error", await relay.CodeAsync());
        Assert.StartsWith("req_", relay.Headers.GetValues("X-Request-Id").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limit_of_a_request_body_holds_for_StreamRelay_s_routes_only()
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Limits:BodyBytes", "1024"));

        using var own = await host.Client.PostAsync("/upload", new ByteArrayContent(new byte[5000]));
        using var relay = await host.Client.PostAsJsonAsync("/v1/tasks", new { agent = "echo", input = new string('x', 5000) });

        Assert.Equal("5000", await own.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, relay.StatusCode);
    }

    [Fact]
    public async Task Two_owners_of_keys_do_not_see_each_other_s_tasks()
    {
        var (ada, bob) = (ApiKey.Create(), ApiKey.Create());
        await using var host = await HostApp.StartAsync(
            ("StreamRelay:Auth:Keys:0:Owner", "ada"), ("StreamRelay:Auth:Keys:0:Hash", ada.Hash),
            ("StreamRelay:Auth:Keys:1:Owner", "bob"), ("StreamRelay:Auth:Keys:1:Hash", bob.Hash));
        var task = await host.TaskAsync(ada.Key);

        using var own = await host.GetAsync($"/v1/tasks/{task}", ada.Key);
        using var other = await host.GetAsync($"/v1/tasks/{task}", bob.Key);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (own.StatusCode, other.StatusCode));
    }

    [Fact]
    public async Task The_application_and_StreamRelay_write_JSON_in_their_own_ways()
    {
        await using var host = await HostApp.StartAsync(new HostAppParts
        {
            Services = services => services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper),
            Relay = app =>
            {
                app.MapGet("/order", () => new { PlacedAt = 1 });
                app.MapStreamRelay();
            },
        });

        using var started = await host.StartTaskAsync(null);

        Assert.Equal("""{"PLACED-AT":1}""", await host.Client.GetStringAsync("/order"));
        Assert.True((await started.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("created_at", out _));
    }

    [Fact]
    public async Task The_fallback_policy_of_the_application_holds_for_its_routes_and_keys_still_open_StreamRelay_s()
    {
        var (key, hash) = ApiKey.Create();
        await using var host = await HostApp.StartAsync(
            new HostAppParts { Services = services => services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()) },
            ("StreamRelay:Auth:Keys:0:Owner", "ada"), ("StreamRelay:Auth:Keys:0:Hash", hash));

        using var own = await host.GetAsync("/", key);
        using var user = await host.GetAsync("/", WebTokens.Create("alice"));
        using var relay = await host.GetAsync("/v1/tasks", key);
        using var health = await host.GetAsync("/health/live");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (own.StatusCode, user.StatusCode));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (relay.StatusCode, health.StatusCode));
    }

    [Fact]
    public async Task Problem_details_of_the_application_replace_no_error_of_StreamRelay()
    {
        await using var host = await HostApp.StartAsync(new HostAppParts { Services = services => services.AddProblemDetails() });

        using var missing = await host.GetAsync("/v1/tasks/unknown");
        using var invalid = await host.SendAsync(HttpMethod.Post, "/v1/tasks", null, JsonContent.Create(new { agents = "echo" }));

        Assert.Equal(("task_not_found", "unknown_field"), (await missing.CodeAsync(), await invalid.CodeAsync()));
    }
}
