using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.AspNetCore.Access;

namespace StreamRelay.Server.Clients;

/// <summary>The sample of an application that embeds StreamRelay below <c>/ai</c>, beside its own login, pages, rate limit and log.</summary>
public sealed class EmbeddingTests : IAsyncLifetime
{
    private const string NoSuchPage = "The shop has no such page.";

    private readonly (string Key, string Hash) _key = ApiKey.Create();
    private SampleProcess _shop = null!;

    public async Task InitializeAsync() => _shop = await SampleProcess.StartAsync(
        "embedding", "Embedding.dll", "--StreamRelay:Auth:Keys:0:Owner=ann", $"--StreamRelay:Auth:Keys:0:Hash={_key.Hash}");

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    [Fact]
    public async Task The_application_s_pages_are_its_own_and_a_key_of_StreamRelay_does_not_open_them()
    {
        using var hello = await SendAsync(HttpMethod.Get, "/hello");
        using var anonymous = await SendAsync(HttpMethod.Get, "/secret");
        using var withKey = await SendAsync(HttpMethod.Get, "/secret", _key.Key);
        using var alice = await SendAsync(HttpMethod.Get, "/secret", await LoginAsync("alice"));

        Assert.Equal("Welcome to the shop", await hello.Content.ReadAsStringAsync());
        Assert.False(hello.Headers.Contains("X-Request-Id"));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (anonymous.StatusCode, withKey.StatusCode));
        Assert.Equal(("", ""), (await anonymous.Content.ReadAsStringAsync(), await withKey.Content.ReadAsStringAsync()));
        Assert.Equal("The secret of alice", await alice.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_path_without_a_route_has_the_application_s_404_and_a_task_that_does_not_exist_has_StreamRelay_s()
    {
        var alice = await LoginAsync("alice");

        using var own = await SendAsync(HttpMethod.Get, "/v1/tasks", alice);
        using var below = await SendAsync(HttpMethod.Get, "/ai/nothing", alice);
        using var task = await SendAsync(HttpMethod.Get, "/ai/v1/tasks/unknown", alice);

        Assert.Equal((HttpStatusCode.NotFound, NoSuchPage), (own.StatusCode, await own.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.NotFound, NoSuchPage), (below.StatusCode, await below.Content.ReadAsStringAsync()));
        Assert.Equal("task_not_found", (await task.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_user_starts_a_task_and_reads_it_with_its_file_at_the_URLs_given_and_another_user_finds_nothing()
    {
        var (alice, bob) = (await LoginAsync("alice"), await LoginAsync("bob"));
        using var started = await SendAsync(HttpMethod.Post, "/ai/v1/tasks", alice, new { agent = "greet", input = "hi" });
        var task = started.Headers.Location!.OriginalString;

        using var events = await SendAsync(HttpMethod.Get, $"{task}/events", alice);
        var text = await events.Content.ReadAsStringAsync();
        var file = JsonElement.Parse(text.Split('\n').Single(line => line.Contains("letter.txt", StringComparison.Ordinal))["data: ".Length..]).GetProperty("url").GetString()!;
        using var downloaded = await SendAsync(HttpMethod.Get, file, alice);
        string[] paths = [task, $"{task}/events", file];
        var others = await Task.WhenAll(paths.Select(path => SendAsync(HttpMethod.Get, path, bob)));
        var nobody = await Task.WhenAll(paths.Select(path => SendAsync(HttpMethod.Get, path)));

        Assert.Contains("Hello!", text, StringComparison.Ordinal);
        Assert.StartsWith("/ai/", file, StringComparison.Ordinal);
        Assert.Equal("Dear customer", await downloaded.Content.ReadAsStringAsync());
        Assert.All(others, answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.All(nobody, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
    }

    [Fact]
    public async Task The_application_s_rate_limit_and_log_hold_for_StreamRelay_too()
    {
        var (carol, dave) = (await LoginAsync("carol"), await LoginAsync("dave"));
        List<HttpStatusCode> statuses = [];
        for (var count = 0; count < 21; count++)
        {
            using var answer = await SendAsync(HttpMethod.Get, "/ai/v1/tasks", carol);
            statuses.Add(answer.StatusCode);
        }

        using var other = await SendAsync(HttpMethod.Get, "/ai/v1/tasks", dave);
        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, 20), HttpStatusCode.TooManyRequests], statuses);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.All(_shop.Log, line => Assert.StartsWith("[shop] ", line, StringComparison.Ordinal));
    }

    private async Task<string> LoginAsync(string user)
    {
        using var answer = await _shop.Client.PostAsJsonAsync("/login", new { user, password = "sesame" });
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token = null, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        return await _shop.Client.SendAsync(request);
    }
}
