using StreamRelay.Benchmarks;

// Figures differ between machines and minutes: read the ratios, which are taken in one run.
var report = new Report();
await AppendBenchmark.RunAsync(report);
await FanOutBenchmark.RunAsync(report);
await ReplayBenchmark.RunAsync(report);
await ClusterBenchmark.RunAsync(report);
report.Print();
