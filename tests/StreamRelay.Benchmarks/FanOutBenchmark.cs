using System.Diagnostics;

namespace StreamRelay.Benchmarks;

/// <summary>Events delivered per second over loopback HTTP, clients in the same process; and what an event allocates on its way to one reader.</summary>
internal static class FanOutBenchmark
{
    public static async Task RunAsync(Report report)
    {
        await using var server = await BenchServer.StartAsync();
        await MeasureAsync(server, 1, 1, 20_000);
        foreach (var (tasks, readers, events) in ((int, int, int)[])[(1, 1, 200_000), (1, 100, 20_000), (1, 1000, 5_000), (1000, 1, 1_000)])
        {
            var before = GC.GetTotalAllocatedBytes();
            var seconds = await MeasureAsync(server, tasks, readers, events);
            report.Add("delivered to native readers", $"{tasks} task(s) x {readers} reader(s)", (double)tasks * readers * events / seconds, "events/s");
            if (readers == 1)
                report.Add("allocated, client included", $"{tasks} task(s) x 1 reader", (double)(GC.GetTotalAllocatedBytes() - before) / tasks / events, "B/event");
        }
    }

    private static async Task<double> MeasureAsync(BenchServer server, int tasks, int readers, int events)
    {
        server.Reset();
        List<Task> reading = [];
        List<Task> attached = [];
        for (var task = 0; task < tasks; task++)
        {
            var id = await server.StartTaskAsync(events);
            for (var reader = 0; reader < readers; reader++)
            {
                var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                attached.Add(ready.Task);
                reading.Add(server.ReadAsync(id, ready));
            }
        }

        await Task.WhenAll(attached);
        var watch = Stopwatch.StartNew();
        server.Go.SetResult();
        await Task.WhenAll(reading);
        return watch.Elapsed.TotalSeconds;
    }
}
