using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace StreamRelay.Server.Clients;

/// <summary>The sample of an application that embeds StreamRelay beside its own endpoints, authentication, rate limit and log.</summary>
public sealed class EmbeddingTests : IAsyncLifetime
{
    private const string SigningKey = "a signing key of the tests, 32 bytes and more";

    private SampleProcess _shop = null!;

    public async Task InitializeAsync() => _shop = await SampleProcess.StartAsync("embedding", "Embedding.dll", $"--Shop:SigningKey={SigningKey}");

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    [Fact]
    public async Task The_application_s_own_page_is_open_and_its_secured_endpoint_needs_its_token()
    {
        using var page = await SendAsync(HttpMethod.Get, "/");
        using var anonymous = await SendAsync(HttpMethod.Get, "/orders");
        using var alice = await SendAsync(HttpMethod.Get, "/orders", "alice");

        Assert.Equal("Welcome to the shop", await page.Content.ReadAsStringAsync());
        Assert.False(page.Headers.Contains("X-Request-Id"));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), (anonymous.StatusCode, await anonymous.Content.ReadAsStringAsync()));
        Assert.Equal("Orders of alice", await alice.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_task_of_one_user_of_the_application_is_a_404_for_another()
    {
        using var started = await SendAsync(HttpMethod.Post, "/v1/tasks", "alice", new { agent = "greet", input = "hi" });
        var task = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        using var alice = await SendAsync(HttpMethod.Get, $"/v1/tasks/{task}/events", "alice");
        using var bob = await SendAsync(HttpMethod.Get, $"/v1/tasks/{task}/events", "bob");
        using var anonymous = await SendAsync(HttpMethod.Get, $"/v1/tasks/{task}/events");

        Assert.Contains("Hello!", await alice.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), (bob.StatusCode, anonymous.StatusCode));
    }

    [Fact]
    public async Task The_application_s_rate_limit_and_log_hold_for_StreamRelay_too()
    {
        List<HttpStatusCode> statuses = [];
        for (var count = 0; count < 6; count++)
        {
            using var answer = await SendAsync(HttpMethod.Get, "/v1/tasks", "carol");
            statuses.Add(answer.StatusCode);
        }

        using var dave = await SendAsync(HttpMethod.Get, "/v1/tasks", "dave");
        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, 5), HttpStatusCode.TooManyRequests], statuses);
        Assert.Equal(HttpStatusCode.OK, dave.StatusCode);
        Assert.All(_shop.Log, line => Assert.StartsWith("[shop] ", line));
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? user = null, object? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (user is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(user));

        return _shop.Client.SendAsync(request);
    }

    /// <summary>A JSON Web Token of the user, valid for a minute.</summary>
    private static string Token(string user)
    {
        var claims = JsonSerializer.Serialize(new { sub = user, iss = "shop", aud = "shop", exp = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60 });
        var content = $"{Base64Url("""{"alg":"HS256","typ":"JWT"}"""u8)}.{Base64Url(Encoding.UTF8.GetBytes(claims))}";
        return $"{content}.{Base64Url(HMACSHA256.HashData(Encoding.UTF8.GetBytes(SigningKey), Encoding.ASCII.GetBytes(content)))}";
    }

    private static string Base64Url(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
