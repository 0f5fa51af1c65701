using BenchmarkDotNet.Attributes;
using StreamRelay.Events;
using StreamRelay.Protocols;
using StreamRelay.Protocols.AgUi;
using StreamRelay.Protocols.AiSdk;
using StreamRelay.Protocols.AnthropicMessages;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Benchmarks.Micro;

/// <summary>An event in each protocol, without a log and without sockets.</summary>
public class EncodingBenchmark
{
    private static readonly IStreamProtocol[] All =
    [
        OpenAiChatProtocol.Instance, AnthropicProtocol.Instance, AiSdkProtocol.Instance, AgUiProtocol.Instance, ResponsesProtocol.Instance, NativeProtocol.Unnamed,
    ];

    private readonly SseWriter _writer = new();
    private IStreamProtocol _protocol = NativeProtocol.Unnamed;
    private StreamEntry[] _entries = [];

    /// <summary>The names of all protocols.</summary>
    public static IEnumerable<string> Protocols => All.Select(static protocol => protocol.Name);

    /// <summary>The protocol.</summary>
    [ParamsSource(nameof(Protocols))]
    public string Protocol { get; set; } = "";

    /// <summary>What the events contain.</summary>
    [ParamsAllValues]
    public SampleContent Content { get; set; }

    /// <summary>Creates the events.</summary>
    [GlobalSetup]
    public void Setup() => (_protocol, _entries) = (All.Single(protocol => protocol.Name == Protocol), SampleEvents.Entries(Content));

    /// <returns>The bytes of all frames.</returns>
    [Benchmark(OperationsPerInvoke = SampleEvents.Count)]
    public long Encode()
    {
        var encoder = _protocol.CreateEncoder(SampleEvents.Request);
        var bytes = 0L;
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            _writer.Begin(entry.Offset);
            encoder.Encode(in entry, _writer);
            bytes += _writer.Written.Length;
        }

        return bytes;
    }
}
