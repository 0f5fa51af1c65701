using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using StreamRelay.AspNetCore.Access;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Requests and streams that are more than a key, an owner or an address may have.</summary>
public sealed class RateLimitTests
{
    private readonly (string Key, string Hash)[] _keys = [ApiKey.Create(), ApiKey.Create(), ApiKey.Create()];

    [Fact]
    public async Task More_requests_a_minute_than_a_key_may_make_are_refused_with_the_headers_of_the_openai_api()
    {
        IMeterFactory? meters = null;
        var parts = new HostAppParts { Pipeline = app => meters = app.Services.GetRequiredService<IMeterFactory>() };
        await using var host = await HostApp.StartAsync(parts, [.. Keys(), ("StreamRelay:Limits:RequestsPerMinutePerKey", "2")]);
        using var refusals = new MetricCollector<long>(meters, "StreamRelay.Limits", "streamrelay.limit.refusals");

        using var first = await host.GetAsync("/v1/models", _keys[0].Key);
        using var second = await host.GetAsync("/v1/models", _keys[0].Key);
        using var third = await host.GetAsync("/v1/models", _keys[0].Key);
        using var other = await host.GetAsync("/v1/models", _keys[1].Key);

        Assert.Equal(("2", "1", "30s"), Rate(first));
        Assert.Equal(("2", "0", "60s"), Rate(second));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit_exceeded"), (third.StatusCode, await third.CodeAsync()));
        Assert.Equal(("2", "0", "60s"), Rate(third));
        Assert.Equal(TimeSpan.FromSeconds(30), third.Headers.RetryAfter?.Delta);
        Assert.Equal("nosniff", Assert.Single(third.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("requests_per_key", Assert.Single(refusals.GetMeasurementSnapshot()).Tags["limit"]);
    }

    [Fact]
    public async Task A_key_can_have_a_limit_of_its_own_and_its_owner_one_for_all_its_keys()
    {
        await using var host = await HostApp.StartAsync(
            [.. Keys(), ("StreamRelay:Auth:Keys:0:RequestsPerMinute", "1"), ("StreamRelay:Limits:RequestsPerMinutePerOwner", "3")]);

        Assert.Equal([200, 429], await StatusesAsync(host, _keys[0].Key, 2));
        Assert.Equal([200, 200, 429], await StatusesAsync(host, _keys[1].Key, 3));
        Assert.Equal([200], await StatusesAsync(host, _keys[2].Key, 1));
    }

    [Fact]
    public async Task An_address_has_a_limit_and_health_checks_have_none()
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Limits:RequestsPerMinutePerAddress", "1"));

        Assert.Equal([200, 429], await StatusesAsync(host, null, 2));
        using var live = await host.GetAsync("/health/live");
        using var page = await host.GetAsync("/");
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [live.StatusCode, page.StatusCode]);
    }

    [Fact]
    public async Task An_event_source_that_comes_too_often_gets_an_empty_stream_and_comes_again_later()
    {
        await using var host = await HostApp.StartAsync([.. Keys(), ("StreamRelay:Limits:RequestsPerMinutePerKey", "1")]);
        var task = await host.TaskAsync(_keys[0].Key);

        using var shed = await host.GetAsync($"/v1/tasks/{task}/events", _keys[0].Key, ("Accept", "text/event-stream"));

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (shed.StatusCode, shed.Content.Headers.ContentType?.MediaType));
        Assert.Equal("retry: 10000\n\n", await shed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task More_streams_than_an_owner_may_have_open_are_refused_until_one_has_ended()
    {
        await using var host = await HostApp.StartAsync([.. Keys(), ("StreamRelay:Limits:StreamsPerOwner", "1"), ("StreamRelay:Agents:push:Type", "push")]);
        using var started = await host.StartTaskAsync(_keys[0].Key, "push");
        var events = $"/v1/tasks/{(await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()}/events";
        using var request = new HttpRequestMessage(HttpMethod.Get, events) { Headers = { { "Authorization", $"Bearer {_keys[0].Key}" } } };
        var open = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        using var second = await host.GetAsync(events, _keys[1].Key);
        using var shed = await host.GetAsync(events, _keys[1].Key, ("Accept", "text/event-stream"));
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_streams"), (second.StatusCode, await second.CodeAsync()));
        Assert.Equal("retry: 10000\n\n", await shed.Content.ReadAsStringAsync());
        Assert.Equal("""[{"of":"owner","limit":1,"used":1}]""", (await LimitsAsync(host)).GetProperty("streams").GetRawText());

        open.Dispose();
        await Wait.UntilAsync(async () => (await LimitsAsync(host)).GetProperty("streams")[0].GetProperty("used").GetInt32() == 0, Relay.Deadline, "that the stream has ended");
        using var end = await host.SendAsync(HttpMethod.Post, events, _keys[0].Key, JsonContent.Create(new { event_type = "end" }));
        Assert.Contains("\"event_type\":\"end\"", await (await host.GetAsync(events, _keys[1].Key)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_may_have_fewer_streams_open_than_its_owner()
    {
        await using var host = await HostApp.StartAsync([.. Keys(), ("StreamRelay:Limits:StreamsPerKey", "1"), ("StreamRelay:Agents:push:Type", "push")]);
        using var started = await host.StartTaskAsync(_keys[0].Key, "push");
        var events = $"/v1/tasks/{(await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()}/events";
        using var request = new HttpRequestMessage(HttpMethod.Get, events) { Headers = { { "Authorization", $"Bearer {_keys[0].Key}" } } };
        using var open = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        using var second = await host.GetAsync(events, _keys[0].Key);
        using var otherRequest = new HttpRequestMessage(HttpMethod.Get, events) { Headers = { { "Authorization", $"Bearer {_keys[1].Key}" } } };
        using var other = await host.Client.SendAsync(otherRequest, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_streams"), (second.StatusCode, await second.CodeAsync()));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_caller_sees_its_limits_and_what_it_uses_of_them()
    {
        await using var host = await HostApp.StartAsync(
            [.. Keys(), ("StreamRelay:Limits:RequestsPerMinutePerKey", "60"), ("StreamRelay:Streams:MaxRunningTasks", "2"), ("StreamRelay:Streams:MaxQueuedTasksPerKey", "3"), ("StreamRelay:Agents:push:Type", "push")]);
        using var running = await host.StartTaskAsync(_keys[0].Key, "push");
        using var queued = await host.StartTaskAsync(_keys[0].Key, "push");

        var limits = await LimitsAsync(host);

        Assert.Equal("limits", limits.GetProperty("object").GetString());
        Assert.Equal("ann", limits.GetProperty("owner").GetString());
        Assert.Equal("""[{"of":"key","per_minute":60,"remaining":57,"reset_seconds":3}]""", limits.GetProperty("requests").GetRawText());
        Assert.Equal("[]", limits.GetProperty("streams").GetRawText());
        Assert.Equal("""[{"of":"owner","limit":1,"used":1}]""", limits.GetProperty("running_tasks").GetRawText());
        Assert.Equal("""[{"of":"owner","limit":10000,"used":1},{"of":"key","limit":3,"used":1}]""", limits.GetProperty("queued_tasks").GetRawText());
        Assert.Equal(4 << 20, limits.GetProperty("bytes").GetProperty("body").GetInt64());
    }

    private static async Task<List<int>> StatusesAsync(HostApp host, string? key, int requests)
    {
        List<int> statuses = [];
        for (var request = 0; request < requests; request++)
        {
            using var answer = await host.GetAsync("/v1/models", key);
            statuses.Add((int)answer.StatusCode);
        }

        return statuses;
    }

    private static (string?, string?, string?) Rate(HttpResponseMessage answer) =>
        (Header(answer, "x-ratelimit-limit-requests"), Header(answer, "x-ratelimit-remaining-requests"), Header(answer, "x-ratelimit-reset-requests"));

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    private async Task<JsonElement> LimitsAsync(HostApp host)
    {
        using var answer = await host.GetAsync("/v1/limits", _keys[0].Key);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private IEnumerable<(string Name, string Value)> Keys() => _keys.SelectMany((key, index) => new[]
    {
        ($"StreamRelay:Auth:Keys:{index}:Owner", index == 2 ? "bob" : "ann"), ($"StreamRelay:Auth:Keys:{index}:Hash", key.Hash),
    });
}
