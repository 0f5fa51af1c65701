using BenchmarkDotNet.Attributes;
using StreamRelay.Events;
using StreamRelay.Streams;

namespace StreamRelay.Benchmarks.Micro;

/// <summary>An entry that is appended to the tail of a live log and read from there.</summary>
public class CursorBenchmark
{
    private readonly StreamEntry[] _entries = SampleEvents.Entries(SampleContent.Tokens);
    private readonly TailMemory _memory = new(new(long.MaxValue), int.MaxValue);

    /// <returns>The number of entries read.</returns>
    [Benchmark(OperationsPerInvoke = SampleEvents.Count)]
    public int AppendAndRead()
    {
        var tail = new Tail(1, _memory);
        var read = 0;
        for (var index = 0; index < _entries.Length; index++)
        {
            tail.Append(_entries.AsSpan(index, 1));
            if (tail.TryRead(index, out var entries))
                read += entries.Length;
        }

        tail.Close();
        return read;
    }
}
