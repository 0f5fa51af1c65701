using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Agents and producers that publish faster than a task may.</summary>
public sealed class EventRateTests
{
    [Fact]
    public async Task A_producer_that_is_too_fast_is_held_back_and_one_that_pushes_far_too_much_at_once_is_refused_with_the_name_of_the_setting()
    {
        IMeterFactory? meters = null;
        var parts = new HostAppParts { Pipeline = app => meters = app.Services.GetRequiredService<IMeterFactory>() };
        await using var host = await HostApp.StartAsync(parts, ("StreamRelay:Agents:push:Type", "push"), ("StreamRelay:Streams:MaxEventsPerSecond", "20"));
        using var refusals = new MetricCollector<long>(meters, "StreamRelay.Limits", "streamrelay.limit.refusals");
        using var started = await host.StartTaskAsync(null, "push");

        var began = Stopwatch.GetTimestamp();
        using var fast = await PushAsync(host, started, 40);
        var took = Stopwatch.GetElapsedTime(began);
        using var flood = await PushAsync(host, started, 1000);
        using var after = await PushAsync(host, started, 1);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (fast.StatusCode, after.StatusCode));
        Assert.True(took >= TimeSpan.FromMilliseconds(900), $"40 events took {took}.");
        var error = await flood.ErrorAsync();
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_events"), (flood.StatusCode, error.GetProperty("code").GetString()));
        Assert.Equal("events_per_second", Assert.Single(refusals.GetMeasurementSnapshot()).Tags["limit"]);
        Assert.Contains("StreamRelay:Streams:MaxEventsPerSecond", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PushAsync(HostApp host, HttpResponseMessage started, int events) => host.SendAsync(
        HttpMethod.Post, $"{started.Headers.Location}/events", null, JsonContent.Create(Enumerable.Range(0, events).Select(number => new { event_type = "output", content = $"{number}" })));
}
