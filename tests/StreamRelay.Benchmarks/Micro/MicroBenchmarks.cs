using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace StreamRelay.Benchmarks.Micro;

/// <summary>The steps of an event's way, each alone: time and allocated bytes for one event.</summary>
internal static class MicroBenchmarks
{
    private static readonly Type[] Steps = [typeof(JsonLineBenchmark), typeof(AppendStepBenchmark), typeof(CursorBenchmark), typeof(FrameBenchmark), typeof(EncodingBenchmark)];

    public static void Run()
    {
        // In this process, because a build of its own would need this machine's folders and settings again.
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "streamrelay-bench"))
            .WithOptions(ConfigOptions.JoinSummary);
        BenchmarkRunner.Run(Steps, config);
    }
}
