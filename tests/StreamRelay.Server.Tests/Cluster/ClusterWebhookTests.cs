using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Cluster;

/// <summary>Webhooks of a cluster.</summary>
public sealed class ClusterWebhookTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _received = new();
    private int _refusals;
    private volatile bool _accepts;

    [Fact]
    public async Task A_webhook_that_waits_is_sent_by_another_node_when_its_node_has_ended()
    {
        await using var receiver = WebApplication.CreateSlimBuilder().Build();
        receiver.Urls.Add($"http://127.0.0.1:{Loopback.FreePort()}");
        receiver.MapPost("/", (HttpRequest request) => Receive($"{request.Headers["webhook-id"]}"));
        await receiver.StartAsync();
        var cluster = await SharedStores.NewClusterAsync();
        cluster["StreamRelay:Webhooks:AllowPrivate"] = "true";
        cluster["StreamRelay:Webhooks:RetryDelay"] = "00:00:00.500";
        cluster["StreamRelay:Webhooks:Endpoints:0:Url"] = receiver.Urls.Single();
        cluster["StreamRelay:Webhooks:Endpoints:0:Secret"] = "a secret of the tests";
        string id;
        await using (var one = new RelayApp(cluster))
        {
            id = await one.StartAsync("count 3 0");
            await Wait.UntilAsync(() => Task.FromResult(Volatile.Read(ref _refusals)), refusals => refusals > 0, Deadline, "the first attempt fails");
        }

        _accepts = true;
        await using var two = new RelayApp(cluster);

        await Wait.UntilAsync(() => Task.FromResult(_received.Count), count => count > 0, Deadline, "the webhook is sent");
        Assert.Contains(id, Assert.Single(_received));
    }

    private IResult Receive(string id)
    {
        if (!_accepts)
        {
            Interlocked.Increment(ref _refusals);
            return Results.StatusCode(500);
        }

        _received.Enqueue(id);
        return Results.Ok();
    }
}
