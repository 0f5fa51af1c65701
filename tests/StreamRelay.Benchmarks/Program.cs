using StreamRelay.Benchmarks;
using StreamRelay.Benchmarks.Gateway;
using StreamRelay.Benchmarks.Http;
using StreamRelay.Benchmarks.Micro;

if (args is [BareKestrel.Argument, var bareAddress])
{
    await BareKestrel.RunAsync(bareAddress);
    return;
}

if (args is [PacedModel.Argument, var modelAddress])
{
    await PacedModel.RunAsync(modelAddress);
    return;
}

// Figures differ between machines and minutes: read the ratios, which are taken in one run.
var report = new Report();
(string Name, Func<Report, Task> RunAsync)[] benchmarks =
[
    ("append", AppendBenchmark.RunAsync),
    ("fan-out", FanOutBenchmark.RunAsync),
    ("replay", ReplayBenchmark.RunAsync),
    ("http", HttpBenchmark.RunAsync),
    ("gateway", GatewayBenchmark.RunAsync),
    ("cluster", ClusterBenchmark.RunAsync),
];
foreach (var benchmark in benchmarks.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)))
    await benchmark.RunAsync(report);

report.Print();
if (args.Length == 0 || args.Contains("micro"))
    MicroBenchmarks.Run();
