using System.Diagnostics;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Storage;
using StreamRelay.Tasks;

namespace StreamRelay.Benchmarks;

/// <summary>Durable appends through the embedded store, at both levels.</summary>
internal static class AppendBenchmark
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(Report report)
    {
        foreach (var durability in (Durability[])[Durability.Process, Durability.Disk])
        {
            foreach (var writers in (int[])[1, 1000])
                report.Add("append, 50-byte events, one per append", $"{durability}, {writers} task(s)", await MeasureAsync(durability, writers), "events/s");
        }
    }

    /// <summary>Appends by so many writers, each to a log of its own, each waiting until its last one is durable.</summary>
    /// <returns>Appends in a second.</returns>
    public static async Task<double> MeasureAsync(IEventLog log, int writers)
    {
        long appended = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            await using var writer = await log.OpenAsync(TaskId.New(TimeProvider.System), 1, CancellationToken.None);
            var output = new StreamEvent(StreamEventKind.Output, new byte[50]);
            while (watch.Elapsed < Duration)
            {
                await writer.AppendAsync(new StreamEntry[] { new(writer.NextOffset, DateTimeOffset.UnixEpoch, output) }, CancellationToken.None);
                Interlocked.Increment(ref appended);
            }
        })));
        return appended / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> MeasureAsync(Durability durability, int writers)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-bench-").FullName;
        double appended;
        await using (var store = EmbeddedStore.Open(new StorageOptions { DataPath = folder, Durability = durability }))
            appended = await MeasureAsync(store.Log, writers);

        Directory.Delete(folder, recursive: true);
        return appended;
    }
}
