using System.Diagnostics;

namespace StreamRelay.Benchmarks.Http;

/// <summary>The processor time of one request or event in the real server, beside bare Kestrel and the peers that are installed, in turns.</summary>
internal static class HttpBenchmark
{
    private const int Rounds = 5;
    private const int Connections = 16;

    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(Report report)
    {
        await using var servers = await HttpServers.StartAsync();
        foreach (var group in HttpRows.Of(servers, await servers.StartPushedAsync()).GroupBy(row => row.Group))
        {
            foreach (var row in group)
                await LoadAsync(row, Warming);

            List<(HttpRow Row, double Cost)> costs = [];
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var row in group)
                    costs.Add((row, await LoadAsync(row, Duration)));
            }

            foreach (var row in group)
                Add(report, row, [.. costs.Where(cost => cost.Row == row).Select(cost => cost.Cost).Order()]);
        }
    }

    private static void Add(Report report, HttpRow row, double[] costs) =>
        report.Add($"{row.Group}: processor time, median of {Rounds}", $"{row.Server.Name} ({costs[0]:0.0} to {costs[^1]:0.0})", costs[Rounds / 2], "us");

    /// <returns>The processor time of the server for one unit of work, in microseconds.</returns>
    private static async Task<double> LoadAsync(HttpRow row, TimeSpan duration)
    {
        long units = 0;
        var before = row.Server.ProcessorTime;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < duration)
            {
                await row.Work.SendAsync(row.Server.Client);
                Interlocked.Add(ref units, row.Work.Units);
            }
        })));
        return (row.Server.ProcessorTime - before).TotalMicroseconds / units;
    }
}
