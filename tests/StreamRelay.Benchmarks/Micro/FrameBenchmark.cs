using BenchmarkDotNet.Attributes;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Benchmarks.Micro;

/// <summary>The frame of an event: its id and its data, which are encoded already.</summary>
public class FrameBenchmark
{
    private static readonly byte[] Data = [.. Enumerable.Repeat((byte)'a', 100)];

    private readonly SseWriter _writer = new();

    /// <returns>The bytes of all frames.</returns>
    [Benchmark(OperationsPerInvoke = SampleEvents.Count)]
    public long Write()
    {
        var bytes = 0L;
        for (var offset = 1; offset <= SampleEvents.Count; offset++)
        {
            _writer.Begin(offset);
            _writer.WriteFrame(Data);
            bytes += _writer.Written.Length;
        }

        return bytes;
    }
}
