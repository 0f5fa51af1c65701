using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Tokens of an identity provider, which publishes its keys over HTTP.</summary>
public sealed class JwtTests : IAsyncLifetime, IDisposable
{
    private const string Audience = "streamrelay";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _other = RSA.Create(2048);
    private readonly WebApplication _provider = WebApplication.CreateSlimBuilder().Build();

    private string Authority => _provider.Urls.First();

    public async Task InitializeAsync()
    {
        _provider.Urls.Add("http://127.0.0.1:0");
        _provider.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Authority, jwks_uri = Authority + "/keys" }));
        _provider.MapGet("/keys", () => Results.Json(new { keys = new[] { PublicKey() } }));
        await _provider.StartAsync();
    }

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    public void Dispose()
    {
        _rsa.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task A_token_of_the_provider_acts_for_the_owner_that_its_claim_names()
    {
        await using var host = await StartAsync();
        var task = await host.TaskAsync(Token("alice"));

        using var own = await host.GetAsync($"/v1/tasks/{task}", Token("alice"));
        using var foreign = await host.GetAsync($"/v1/tasks/{task}", Token("bob"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (own.StatusCode, foreign.StatusCode));
    }

    [Fact]
    public async Task Another_issuer_audience_or_key_an_expired_token_and_one_without_an_owner_are_refused()
    {
        await using var host = await StartAsync(("StreamRelay:Auth:Jwt:OwnerClaim", "tenant"));
        string[] tokens =
        [
            Token("alice"), Token("alice", issuer: "https://elsewhere.example", claims: ("tenant", "a")), Token("alice", audience: "other", claims: ("tenant", "a")),
            Token("alice", key: _other, claims: ("tenant", "a")), Token("alice", TimeSpan.FromMinutes(-10), claims: ("tenant", "a")), "not a token", "sr-nothing",
        ];

        foreach (var token in tokens)
        {
            using var refused = await host.GetAsync("/v1/tasks", token);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("invalid_api_key", await refused.CodeAsync());
        }

        using var served = await host.GetAsync("/v1/tasks", Token("alice", claims: ("tenant", "a")));
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task A_token_has_the_scopes_and_agents_that_it_names_and_is_never_an_administrator_otherwise()
    {
        await using var host = await StartAsync();

        using var limited = await host.StartTaskAsync(Token("alice", claims: ("streamrelay.scope", "read")));
        using var agent = await host.StartTaskAsync(Token("alice", claims: ("streamrelay.agent", "probe")));
        using var admin = await host.SendAsync(HttpMethod.Delete, "/v1/tasks?older_than=1h", Token("alice"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (limited.StatusCode, agent.StatusCode, admin.StatusCode));
    }

    [Fact]
    public async Task A_stream_ends_with_its_token()
    {
        await using var host = await StartAsync(("StreamRelay:Agents:remote:Type", "push"), ("StreamRelay:Auth:Keys:0:Owner", "alice"), ("StreamRelay:Auth:Keys:0:Hash", ApiKey.Create().Hash));
        using var started = await host.StartTaskAsync(Token("alice"), "remote");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{started.Headers.Location}/events") { Headers = { Authorization = new("Bearer", Token("alice", TimeSpan.FromSeconds(2))) } };

        using var stream = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stream.Content.ReadAsStringAsync().WaitAsync(Relay.Deadline));
    }

    [Fact]
    public async Task A_ticket_expires_with_its_token_and_so_does_its_cookie()
    {
        await using var host = await StartAsync();
        var task = await host.TaskAsync(Token("alice"));
        using var issued = await host.SendAsync(HttpMethod.Post, "/v1/tickets", Token("alice", TimeSpan.FromMinutes(5)), JsonContent.Create(new { tasks = new[] { task } }));
        var ticket = (await issued.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString();

        using var stream = await host.GetAsync($"/v1/tasks/{task}/events?ticket={ticket}");

        // Without the end of the token it would be 12 hours.
        var age = stream.Headers.GetValues("Set-Cookie").Single().Split("; ").Single(part => part.StartsWith("max-age=", StringComparison.Ordinal))["max-age=".Length..];
        Assert.InRange(int.Parse(age, CultureInfo.InvariantCulture), 200, 300);
    }

    [Theory]
    [InlineData("StreamRelay:Auth:Jwt:Authority", "http://login.example.com", "StreamRelay:Auth:Jwt:Authority must be the https address")]
    [InlineData("StreamRelay:Auth:Jwt:Audience", "", "StreamRelay:Auth:Jwt:Audience must be the audience")]
    [InlineData("StreamRelay:Auth:Jwt:Audeince", "x", "StreamRelay:Auth:Jwt:Audeince is not a setting; did you mean Audience?")]
    [InlineData("StreamRelay:Auth:Scheme", "Bearer", "StreamRelay:Auth:Scheme must not be set where StreamRelay:Auth:Jwt is")]
    [InlineData("StreamRelay:Auth:AllowAnonymous", "true", "StreamRelay:Auth:AllowAnonymous must be off where")]
    public async Task A_mistake_stops_the_start_and_is_named(string name, string value, string message)
    {
        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((name, value)));

        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    private Task<HostApp> StartAsync(params (string Name, string Value)[] settings) =>
        HostApp.StartAsync([("StreamRelay:Auth:Jwt:Authority", Authority), ("StreamRelay:Auth:Jwt:Audience", Audience), .. settings]);

    private string Token(string user, TimeSpan? life = null, string? issuer = null, string audience = Audience, RSA? key = null, params (string Type, string Value)[] claims) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Authority,
            Audience = audience,
            NotBefore = DateTime.UtcNow.AddHours(-1),
            Expires = DateTime.UtcNow + (life ?? TimeSpan.FromHours(1)),
            Claims = claims.Append(("sub", user)).ToDictionary(claim => claim.Item1, claim => (object)claim.Item2),
            SigningCredentials = new(new RsaSecurityKey(key ?? _rsa) { KeyId = "1" }, SecurityAlgorithms.RsaSha256),
        });

    private object PublicKey()
    {
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        return new { kty = "RSA", use = "sig", alg = "RS256", kid = "1", n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) };
    }
}
