using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.AspNetCore.Access;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Tasks that use the tokens of the day.</summary>
public sealed class TokenLimitTests
{
    private readonly (string Key, string Hash)[] _keys = [ApiKey.Create(), ApiKey.Create(), ApiKey.Create()];

    [Theory]
    [InlineData("StreamRelay:Tokens:PerDayPerOwner", "owner", "429 429 201")]
    [InlineData("StreamRelay:Tokens:PerDayPerKey", "key", "429 201 201")]
    public async Task A_start_is_refused_from_the_last_token_of_the_day_to_its_end(string setting, string of, string after)
    {
        await using var host = await HostApp.StartAsync([.. Keys(), (setting, "100")]);
        await UseAsync(host, 60);
        Assert.Equal("201 201 201", await StartAsync(host));
        await UseAsync(host, 40);

        Assert.Equal(after, await StartAsync(host));
        using var refused = await host.StartTaskAsync(_keys[0].Key);
        var error = await refused.ErrorAsync();
        Assert.Equal(("rate_limit_error", "token_limit_exceeded"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.Contains(setting, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Assert.Equal(["100", "0", "false"], new[] { "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-should-retry" }.Select(name => refused.Headers.GetValues(name).Single()));
        using var limits = await host.GetAsync("/v1/limits", _keys[0].Key);
        var tokens = (await limits.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("tokens")[0];
        Assert.Equal((of, 100, true), (tokens.GetProperty("of").GetString(), tokens.GetProperty("per_day").GetInt64(), tokens.GetProperty("used").GetInt64() >= 100));
    }

    [Fact]
    public async Task Tokens_of_the_day_are_still_used_after_a_restart_and_not_after_midnight()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-");
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
        var parts = new HostAppParts { Services = services => services.AddSingleton<TimeProvider>(time) };
        (string, string)[] settings = [.. Keys(), ("StreamRelay:Tokens:PerDayPerOwner", "100"), ("StreamRelay:DataPath", folder.FullName)];
        await using (var before = await HostApp.StartAsync(parts, settings))
            await UseAsync(before, 100);

        var after = await HostApp.StartAsync(parts, settings);
        using var refused = await after.StartTaskAsync(_keys[0].Key);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromHours(12)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta!.Value));

        time.Advance(TimeSpan.FromHours(12));
        using var tomorrow = await after.StartTaskAsync(_keys[0].Key);
        Assert.Equal(HttpStatusCode.Created, tomorrow.StatusCode);
        await after.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>Ends a task of the first key that used so many tokens.</summary>
    private async Task UseAsync(HostApp host, int tokens)
    {
        using var started = await host.StartTaskAsync(_keys[0].Key, "push");
        using var pushed = await host.SendAsync(HttpMethod.Post, $"{started.Headers.Location}/events", _keys[0].Key, JsonContent.Create(new object[]
        {
            new { event_type = "usage", prompt_tokens = tokens / 2, completion_tokens = tokens - (tokens / 2) }, new { event_type = "end" },
        }));
        Assert.Equal(HttpStatusCode.OK, pushed.StatusCode);
    }

    private async Task<string> StartAsync(HostApp host)
    {
        List<int> statuses = [];
        foreach (var (key, _) in _keys)
        {
            using var started = await host.StartTaskAsync(key, "push");
            statuses.Add((int)started.StatusCode);
        }

        return string.Join(' ', statuses);
    }

    private IEnumerable<(string Name, string Value)> Keys() =>
    [
        ("StreamRelay:Agents:push:Type", "push"),
        .. _keys.SelectMany((key, index) => new[] { ($"StreamRelay:Auth:Keys:{index}:Owner", index == 2 ? "bob" : "ann"), ($"StreamRelay:Auth:Keys:{index}:Hash", key.Hash) }),
    ];
}
