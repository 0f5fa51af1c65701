using StreamRelay.Benchmarks;
using StreamRelay.Benchmarks.Http;

if (args is [BareKestrel.Argument, var address])
{
    await BareKestrel.RunAsync(address);
    return;
}

// Figures differ between machines and minutes: read the ratios, which are taken in one run.
var report = new Report();
(string Name, Func<Report, Task> RunAsync)[] benchmarks =
[
    ("encode", EncodeBenchmark.RunAsync),
    ("append", AppendBenchmark.RunAsync),
    ("fan-out", FanOutBenchmark.RunAsync),
    ("replay", ReplayBenchmark.RunAsync),
    ("http", HttpBenchmark.RunAsync),
    ("cluster", ClusterBenchmark.RunAsync),
];
foreach (var benchmark in benchmarks.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)))
    await benchmark.RunAsync(report);

report.Print();
