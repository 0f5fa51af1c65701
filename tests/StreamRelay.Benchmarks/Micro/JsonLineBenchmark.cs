using BenchmarkDotNet.Attributes;
using StreamRelay.Events;

namespace StreamRelay.Benchmarks.Micro;

/// <summary>A line of a push, read into an event.</summary>
public class JsonLineBenchmark
{
    private readonly byte[] _line = """{"event_type":"output","content":"a text that is as long as a few tokens of a model are","note":1}"""u8.ToArray();

    /// <returns>The event.</returns>
    [Benchmark]
    public StreamEvent? Read() => EventReader.Read(_line, out _);
}
