using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace StreamRelay.AspNetCore.Access;

/// <summary>An application authenticates StreamRelay's callers with a scheme of its own.</summary>
public class ApplicationSchemeTests
{
    [Fact]
    public async Task The_subject_of_a_token_owns_the_tasks_it_starts_and_another_subject_does_not_find_them()
    {
        await using var host = await HostApp.StartWithSchemeAsync();
        var (alice, bob) = (WebTokens.Create("alice"), WebTokens.Create("bob"));
        var task = await host.TaskAsync(alice);

        using var own = await host.GetAsync($"/v1/tasks/{task}/events", alice);
        using var other = await host.GetAsync($"/v1/tasks/{task}/events", bob);
        using var list = await host.GetAsync("/v1/tasks", bob);

        Assert.Contains("hello", await own.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Empty((await list.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_request_without_a_valid_token_gets_the_error_body_of_its_protocol()
    {
        await using var host = await HostApp.StartWithSchemeAsync();

        using var none = await host.GetAsync("/v1/tasks");
        using var invalid = await host.GetAsync("/v1/tasks", "not.a.token");
        using var chat = await host.SendAsync(HttpMethod.Post, "/api/chat", null, JsonContent.Create(new { id = "c" }));

        Assert.Equal("invalid_api_key", await none.CodeAsync());
        Assert.Equal("Bearer", none.Headers.WwwAuthenticate.ToString());
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (invalid.StatusCode, chat.StatusCode));
        Assert.StartsWith("A valid API key is required", await chat.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_is_the_claim_that_the_options_name()
    {
        await using var host = await HostApp.StartWithSchemeAsync(null, ("StreamRelay:Auth:OwnerClaim", "tenant"));
        var task = await host.TaskAsync(WebTokens.Create("alice", ("tenant", "acme")));

        using var colleague = await host.GetAsync($"/v1/tasks/{task}", WebTokens.Create("bob", ("tenant", "acme")));
        using var without = await host.GetAsync($"/v1/tasks/{task}", WebTokens.Create("alice"));

        Assert.Equal(HttpStatusCode.OK, colleague.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
        Assert.Equal("forbidden", await without.CodeAsync());
    }

    [Fact]
    public async Task Keys_are_accepted_beside_the_application_s_tokens()
    {
        var (key, hash) = ApiKey.Create();
        await using var host = await HostApp.StartWithSchemeAsync(null, ("StreamRelay:Auth:Keys:0:Owner", "alice"), ("StreamRelay:Auth:Keys:0:Hash", hash));
        var task = await host.TaskAsync(WebTokens.Create("alice"));

        using var withKey = await host.GetAsync($"/v1/tasks/{task}", key);
        using var wrongKey = await host.GetAsync($"/v1/tasks/{task}", "sr-nothing");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (withKey.StatusCode, wrongKey.StatusCode));
    }

    [Fact]
    public async Task Claims_limit_the_agents_and_the_tasks_of_a_token()
    {
        await using var host = await HostApp.StartWithSchemeAsync();
        var task = await host.TaskAsync(WebTokens.Create("alice"));
        var another = await host.TaskAsync(WebTokens.Create("alice"));
        var reader = WebTokens.Create("alice", (CallerClaims.Task, task));

        using var refusedAgent = await host.StartTaskAsync(WebTokens.Create("alice", (CallerClaims.Agent, "probe")));
        using var refusedStart = await host.StartTaskAsync(reader);
        using var refusedList = await host.GetAsync("/v1/tasks", reader);
        using var read = await host.GetAsync($"/v1/tasks/{task}/events", reader);
        using var readAnother = await host.GetAsync($"/v1/tasks/{another}/events", reader);

        Assert.Equal(HttpStatusCode.NotFound, refusedAgent.StatusCode);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (refusedStart.StatusCode, refusedList.StatusCode));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (read.StatusCode, readAnother.StatusCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/relay")]
    public async Task A_ticket_that_a_token_asked_for_reads_its_task_wherever_the_endpoints_are_mapped(string prefix)
    {
        await using var host = await HostApp.StartWithSchemeAsync(new() { Relay = app => app.MapGroup(prefix).MapStreamRelay() });
        var alice = WebTokens.Create("alice");
        using var started = await host.SendAsync(HttpMethod.Post, $"{prefix}/v1/tasks", alice, JsonContent.Create(new { agent = "echo", input = "hello" }));
        var task = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using var issued = await host.SendAsync(HttpMethod.Post, $"{prefix}/v1/tickets", alice, JsonContent.Create(new { tasks = new[] { task } }));
        var ticket = (await issued.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString();

        using var read = await host.GetAsync($"{prefix}/v1/tasks/{task}/events?ticket={ticket}");
        using var wrong = await host.GetAsync($"{prefix}/v1/tasks?ticket={ticket}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (read.StatusCode, wrong.StatusCode));
        Assert.Contains($"path={prefix}/v1/tasks/{task}/events", read.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_of_the_application_replaces_one_of_StreamRelay_also_when_it_is_added_first()
    {
        await using var host = await HostApp.StartWithSchemeAsync(new()
        {
            Services = services => services.AddAuthorizationBuilder()
                .AddPolicy(RelayPolicies.Start, policy => policy.AddAuthenticationSchemes(RelaySchemes.Default).RequireClaim("scope", "write")),
        });

        using var reader = await host.StartTaskAsync(WebTokens.Create("alice"));
        using var list = await host.GetAsync("/v1/tasks", WebTokens.Create("alice"));
        using var writer = await host.StartTaskAsync(WebTokens.Create("alice", ("scope", "write")));

        Assert.Equal(HttpStatusCode.Forbidden, reader.StatusCode);
        Assert.Equal("forbidden", await reader.CodeAsync());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Created), (list.StatusCode, writer.StatusCode));
    }

    [Fact]
    public async Task An_application_with_a_scheme_may_listen_anywhere()
    {
        await using var host = await HostApp.StartWithSchemeAsync(null, ("Urls", "http://0.0.0.0:0"));

        using var forwarded = await host.GetAsync("/v1/tasks", WebTokens.Create("alice"), ("X-Forwarded-For", "10.0.0.1"), ("Host", "app.example"));

        Assert.Equal(HttpStatusCode.OK, forwarded.StatusCode);
    }

    [Fact]
    public async Task An_application_that_replaces_every_policy_may_listen_anywhere()
    {
        await using var host = await HostApp.StartAsync(new HostAppParts
        {
            Services = services =>
            {
                foreach (var name in (string[])[RelayPolicies.Read, RelayPolicies.Start, RelayPolicies.Push, RelayPolicies.Admin])
                    services.AddAuthorizationBuilder().AddPolicy(name, policy => policy.AddAuthenticationSchemes(JwtBearerDefaults.AuthenticationScheme).RequireAuthenticatedUser());
            },
        }, ("Urls", "http://0.0.0.0:0"));

        using var accepted = await host.GetAsync("/v1/tasks", WebTokens.Create("alice"), ("X-Forwarded-For", "10.0.0.1"));
        using var refused = await host.GetAsync("/v1/tasks");
        using var health = await host.GetAsync("/health/live", null, ("Host", "app.example"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (accepted.StatusCode, refused.StatusCode, health.StatusCode));
    }

    [Theory]
    [InlineData("StreamRelay:Auth:Scheme", "Nothing", "StreamRelay:Auth:Scheme is 'Nothing'")]
    [InlineData("StreamRelay:Auth:AllowAnonymous", "true", "StreamRelay:Auth:AllowAnonymous must be off where StreamRelay:Auth:Scheme is set")]
    [InlineData("StreamRelay:Auth:OwnerClaim", " ", "StreamRelay:Auth:OwnerClaim must be the type of the claim")]
    public async Task A_mistake_stops_the_start_and_is_named(string name, string value, string message)
    {
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => HostApp.StartWithSchemeAsync(null, (name, value)));

        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }
}
