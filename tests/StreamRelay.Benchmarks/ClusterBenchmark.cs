using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using StreamRelay.Redis;
using StreamRelay.TestSupport;

namespace StreamRelay.Benchmarks;

/// <summary>Two nodes with Redis and PostgreSQL between them, beside the most that the same connection can do: XADD and PUBLISH, and nothing else.</summary>
internal static class ClusterBenchmark
{
    private const int Warm = 20_000;

    public static async Task RunAsync(Report report)
    {
        var cluster = await SharedStores.NewClusterAsync();
        cluster["StreamRelay:Cluster:Lease"] = "00:00:15";
        await using var one = await BenchServer.StartAsync(cluster);
        await using var two = await BenchServer.StartAsync(cluster);
        await ReadAsync([one, two], 1, 2, Warm);

        await LimitAsync(Warm);
        var limit = await LimitAsync(200_000);
        report.Add("cluster: XADD + PUBLISH, pipelined", "64 at once", limit, "batches/s");
        report.Add("cluster: appends, one event each", "64 task(s)", await AppendAsync(64), "batches/s");
        report.Add("cluster: appends, one event each", "1000 task(s)", await AppendAsync(1000), "batches/s");
        foreach (var (tasks, readers, events) in ((int, int, int)[])[(1, 2, 500_000), (1, 1000, 20_000), (1000, 1, 2_000)])
        {
            var seconds = await ReadAsync([one, two], tasks, readers, events);
            report.Add("cluster: said", $"{tasks} task(s) x {readers} reader(s) on two nodes", tasks * (double)events / seconds, "events/s");
            report.Add("cluster: said, as a share of the limit", $"{tasks} task(s) x {readers} reader(s) on two nodes", 100 * tasks * (double)events / seconds / limit, "%");
            report.Add("cluster: delivered", $"{tasks} task(s) x {readers} reader(s) on two nodes", tasks * (double)readers * events / seconds, "events/s");
        }

        await LatencyAsync(report, one, two);
    }

    private static async Task<double> LimitAsync(int batches)
    {
        var server = await SharedRedis.GetAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var database = connection.GetDatabase();
        var payload = new byte[64];
        var key = SharedRedis.NewPrefix();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async sender =>
        {
            for (var batch = 0; batch < batches / 64; batch++)
            {
                var added = database.StreamAddAsync($"{key}:{sender}", "1", payload, $"1-{batch + 1}");
                await database.PublishAsync(RedisChannel.Literal($"{key}:{sender}"), "1-1");
                await added;
            }
        }));
        return batches / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> AppendAsync(int writers)
    {
        var server = await SharedRedis.GetAsync();
        var options = new RedisStoreOptions { Prefix = SharedRedis.NewPrefix(), Node = "bench" };
        await using var store = RedisStore.Create(server.ConnectionString, options, new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)), TimeProvider.System, NullLoggerFactory.Instance);
        await store.ConnectAsync(CancellationToken.None);
        return await AppendBenchmark.MeasureAsync(store.Log, writers);
    }

    /// <summary>Half of the tasks are started on each node, and each is read by half of its readers there and by half on the other.</summary>
    private static async Task<double> ReadAsync(BenchServer[] nodes, int tasks, int readers, int events)
    {
        foreach (var node in nodes)
            node.Reset();

        List<Task> reading = [];
        List<Task> attached = [];
        for (var task = 0; task < tasks; task++)
        {
            var id = await nodes[task % 2].StartTaskAsync(events);
            for (var reader = 0; reader < readers; reader++)
            {
                var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                attached.Add(ready.Task);
                reading.Add(nodes[(task + reader) % 2].ReadAsync(id, ready));
            }
        }

        await Task.WhenAll(attached);
        var watch = Stopwatch.StartNew();
        foreach (var node in nodes)
            node.Go.SetResult();

        await Task.WhenAll(reading);
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task LatencyAsync(Report report, BenchServer one, BenchServer two)
    {
        BenchServer[] nodes = [one, two];
        foreach (var node in nodes)
            node.Reset();

        // Whichever node runs it, one of the two reads where it is said and one elsewhere.
        var id = await one.StartTaskAsync(3_000, "clock");
        var readers = nodes.Select(node => LatenciesAsync(node, id)).ToArray();
        foreach (var node in nodes)
            node.Go.SetResult();

        var latencies = (await Task.WhenAll(readers)).OrderBy(sorted => sorted[sorted.Count / 2]).ToArray();
        foreach (var (name, sorted) in new[] { "same node", "other node" }.Zip(latencies))
        {
            report.Add("cluster: from the agent to a reader, median", name, sorted[sorted.Count / 2], "ms");
            report.Add("cluster: from the agent to a reader, 99th of 100", name, sorted[sorted.Count * 99 / 100], "ms");
        }
    }

    private static async Task<List<double>> LatenciesAsync(BenchServer node, string id)
    {
        List<double> found = [];
        using var answer = await node.Client.GetAsync($"/v1/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await lines.ReadLineAsync() is { } line)
        {
            var now = Stopwatch.GetTimestamp();
            if (line.IndexOf("\"at ", StringComparison.Ordinal) is var start && start < 0)
                continue;

            var text = line.AsSpan(start + 4);
            var then = long.Parse(text[..text.IndexOf(' ')], CultureInfo.InvariantCulture);
            found.Add(Stopwatch.GetElapsedTime(then, now).TotalMilliseconds);
        }

        // What is said first finds cold code.
        return [.. found.Skip(200).Order()];
    }
}
