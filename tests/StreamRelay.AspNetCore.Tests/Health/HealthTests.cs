using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

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
        Assert.Equal("unhealthy", view.GetProperty("checks").GetProperty("server").GetString());
    }
}
