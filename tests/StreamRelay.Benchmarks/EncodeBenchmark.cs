using System.Diagnostics;
using System.Text;
using StreamRelay.Events;
using StreamRelay.Protocols;
using StreamRelay.Protocols.AgUi;
using StreamRelay.Protocols.AiSdk;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.Benchmarks;

/// <summary>Encoding alone, without a log and without sockets: nanoseconds and bytes of an event in each protocol. The rounds of the protocols alternate, and the best one counts.</summary>
internal static class EncodeBenchmark
{
    private const int Events = 2_000;
    private const int Rounds = 500;

    private static readonly IStreamProtocol[] Protocols =
        [OpenAiChatProtocol.Instance, AiSdkProtocol.Instance, AgUiProtocol.Instance, ResponsesProtocol.Instance, NativeProtocol.Unnamed];

    private static readonly TaskRequest Request = new()
    {
        Id = TaskId.New(TimeProvider.System),
        Agent = "probe",
        Owner = "me",
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static readonly StreamEvent Start = new(StreamEventKind.Start, default, "{\"model\":\"probe\",\"created\":0}"u8.ToArray());

    public static Task RunAsync(Report report)
    {
        Measure(report, "tokens of 4 bytes", index => Text(index % 2 == 0 ? " the" : " end"));
        Measure(report, "tokens, one in four with escapes", index => Text(index % 4 == 0 ? "(\"a\");\n" : " the"));
        Measure(report, "texts of 200 bytes", _ => Text(new string('a', 200)));
        Measure(report, "pieces of a tool call", index => AgentEvents.ActionDelta($"call_{index / 20}", "get_weather", "caller", "\"a\":1,"));
        return Task.CompletedTask;
    }

    private static void Measure(Report report, string content, Func<int, StreamEvent> create)
    {
        StreamEntry[] entries = [.. Enumerable.Range(0, Events).Select(index => new StreamEntry(index + 1, DateTimeOffset.UnixEpoch, index == 0 ? Start : create(index)))];
        var best = Protocols.ToDictionary(protocol => protocol, _ => (Time: TimeSpan.MaxValue, Bytes: 0L));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var protocol in Protocols)
            {
                var started = Stopwatch.GetTimestamp();
                var bytes = Encode(protocol, entries);
                var time = Stopwatch.GetElapsedTime(started);
                if (time < best[protocol].Time)
                    best[protocol] = (time, bytes);
            }
        }

        foreach (var (protocol, (time, _)) in best)
            report.Add($"encode, {content}", protocol.Name, time.TotalNanoseconds / Events, "ns/event");
        foreach (var (protocol, (_, bytes)) in best)
            report.Add($"encode, {content}", protocol.Name, (double)bytes / Events, "B/event");
    }

    private static long Encode(IStreamProtocol protocol, StreamEntry[] entries)
    {
        var encoder = protocol.CreateEncoder(Request);
        var writer = new SseWriter();
        var bytes = 0L;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            writer.Begin(entry.Offset);
            encoder.Encode(in entry, writer);
            bytes += writer.Written.Length;
        }

        return bytes;
    }

    private static StreamEvent Text(string text) => new(StreamEventKind.Output, Encoding.UTF8.GetBytes(text));
}
