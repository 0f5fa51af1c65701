using System.Net;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Cluster;

/// <summary>Requests to a cluster while a store is unavailable.</summary>
public sealed class ClusterOutageTests : IAsyncLifetime
{
    private Dictionary<string, string?> _cluster = [];
    private RedisServer _redis = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _cluster = await SharedStores.NewClusterAsync();
        _cluster["ConnectionStrings:Redis"] = _redis.ConnectionString;
        _cluster["StreamRelay:Streams:StoreOutage"] = "00:00:01";
    }

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task A_start_that_was_refused_while_Redis_was_unavailable_does_not_run_later()
    {
        using var app = new RelayApp(_cluster);
        _redis.Pause();
        using var refused = await app.PostAsync("/v1/tasks", """{"agent":"probe","input":"count 5 0"}""");
        _redis.Resume();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        await Wait.UntilAsync(() => CountAsync(app), static count => count == 0, TimeSpan.FromSeconds(60), "tasks that are left");
    }

    private static async Task<int?> CountAsync(RelayApp app)
    {
        using var answer = await app.Client.GetAsync("/v1/tasks");
        var list = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        return answer.IsSuccessStatusCode ? list.GetProperty("data").GetArrayLength() : null;
    }
}
