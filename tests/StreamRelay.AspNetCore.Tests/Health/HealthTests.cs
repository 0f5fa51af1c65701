using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace StreamRelay.AspNetCore.Health;

public class HealthTests
{
    [Fact]
    public async Task A_server_that_runs_is_live_and_ready()
    {
        await using var app = await AccessApp.StartWithKeysAsync();

        using var live = await app.SendAsync("/health/live");
        using var ready = await app.SendAsync("/health/ready");

        Assert.Equal("""{"status":"live"}""", await live.Content.ReadAsStringAsync());
        Assert.Equal("application/json", ready.Content.Headers.ContentType?.MediaType);
        Assert.Equal("ready", (await ready.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
        Assert.Equal("no-store", ready.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task A_server_that_stops_is_live_but_not_ready()
    {
        await using var app = await AccessApp.StartAsync();
        app.Lifetime.StopApplication();

        using var live = await app.SendAsync("/health/live");
        using var ready = await app.SendAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var view = await ready.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("not_ready", view.GetProperty("status").GetString());
        Assert.Equal("unhealthy", view.GetProperty("checks").GetProperty("streamrelay.server").GetString());
    }

    [Fact]
    public async Task Checks_of_the_application_keep_their_names_and_count_too()
    {
        await using var host = await HostApp.StartAsync(new HostAppParts
        {
            Services = services => services.AddHealthChecks().AddCheck("storage", () => HealthCheckResult.Degraded("slow")).AddCheck("server", () => HealthCheckResult.Healthy()),
            Pipeline = app => app.MapHealthChecks("/healthz"),
        });

        var checks = (await host.Client.GetFromJsonAsync<JsonElement>("/health/ready")).GetProperty("checks");

        Assert.Equal("Degraded", await host.Client.GetStringAsync("/healthz"));
        Assert.Equal(("degraded", "healthy"), (checks.GetProperty("storage").GetString(), checks.GetProperty("streamrelay.storage").GetString()));
    }
}
