using System.Diagnostics;

namespace StreamRelay.Benchmarks;

/// <summary>The time from asking for a finished task of 10,000 events to its last byte: median of many, the first apart.</summary>
internal static class ReplayBenchmark
{
    private const int Events = 10_000;
    private const int Repeats = 15;

    public static async Task RunAsync(Report report)
    {
        await using var server = await BenchServer.StartAsync();
        server.Go.SetResult();
        var id = await server.StartTaskAsync(Events);
        await server.Client.GetAsync($"/v1/tasks/{id}?wait=60");
        var times = new List<double>();
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var watch = Stopwatch.StartNew();
            await server.ReadAsync(id);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        report.Add("replay of 10,000 events, 1 reader", "median", times.Skip(1).Order().ElementAt(Repeats / 2), "ms");
        report.Add("replay of 10,000 events, 1 reader", "first, encoding included", times[0], "ms");
    }
}
