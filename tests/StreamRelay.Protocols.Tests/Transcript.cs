using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols;

/// <summary>A fixed task with one event of every kind, and the frames that an encoder writes for it.</summary>
internal static class Transcript
{
    public static TaskRequest Request { get; } = new()
    {
        Id = TaskId.TryParse("019300000000700080000000000000a1", out var id) ? id : default,
        Agent = "probe",
        Owner = "me",
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1795220202),
    };

    public static IReadOnlyList<StreamEvent> Everything { get; } =
    [
        Metadata(StreamEventKind.Start, """{"model":"probe","created":1795220202,"system_fingerprint":"fp_1","include_usage":true}"""),
        Text(StreamEventKind.Thought, "hm\n"),
        AgentEvents.Step(StreamEventKind.StepStart, "one", "First"),
        Text(StreamEventKind.Output, "t1 \u2028😀\"\\"),
        AgentEvents.ActionStart("call_1", "get_weather", "caller"),
        AgentEvents.ActionDelta("call_1", "get_weather", "caller", "{\"city\":"),
        AgentEvents.ActionDelta("call_1", "get_weather", "caller", "\"Paris\"}"),
        AgentEvents.Action("call_1", "get_weather", "caller", Json("{\"city\":\"Paris\"}")),
        AgentEvents.Action("call_2", "get_time", "caller", Json("{}"), "now"),
        AgentEvents.ActionStart("call_3", "look", "agent"),
        AgentEvents.Observation("call_3", Json("{\"c\":21}"), "21 degrees"),
        AgentEvents.Step(StreamEventKind.StepEnd, "one", "First"),
        Metadata(StreamEventKind.File, """{"name":"a.md","url":"/download/x/a.md","media_type":"text/markdown","size":3}"""),
        AgentEvents.Data("outline", Json("{ \"title\": \"\\uD83D\\uDE00\" }")),
        Metadata(StreamEventKind.Log, """{"level":"info","task_id":"forged","type":"forged"}"""),
        new(StreamEventKind.Output, "by another"u8.ToArray(), default, "helper"),
        TaskEvents.Usage(new(7, 2, false)),
    ];

    public static StreamEvent Completed { get; } = TaskEvents.End(TaskState.Completed, "tool_calls");

    public static StreamEvent Stopped { get; } = TaskEvents.End(TaskState.Stopped, "stop");

    public static StreamEvent Failed { get; } = TaskEvents.Error(new("agent_failed", "The agent failed."));

    public static IReadOnlyList<StreamEntry> Entries(StreamEvent terminal) =>
        [.. Everything.Append(terminal).Select((streamEvent, index) => new StreamEntry(index + 1, DateTimeOffset.FromUnixTimeMilliseconds(1795220202124 + index), streamEvent))];

    public static string Encode(IStreamProtocol protocol, IEnumerable<StreamEntry> entries)
    {
        var encoder = protocol.CreateEncoder(Request);
        var writer = new SseWriter();
        var text = new StringBuilder();
        foreach (var entry in entries)
        {
            writer.Begin(entry.Offset);
            encoder.Encode(in entry, writer);
            text.Append(Encoding.UTF8.GetString(writer.Written));
        }

        return text.ToString();
    }

    /// <summary>Compares with the transcript that is checked in beside the tests; <c>STREAMRELAY_GOLDEN=1</c> writes it anew.</summary>
    public static void AssertGolden(string name, string actual, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("STREAMRELAY_GOLDEN") == "1")
            File.WriteAllText(path, actual);

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static StreamEvent Text(StreamEventKind kind, string text) => new(kind, Encoding.UTF8.GetBytes(text));

    private static StreamEvent Metadata(StreamEventKind kind, string json) => new(kind, default, Encoding.UTF8.GetBytes(json));

    private static JsonElement Json(string json) => JsonElement.Parse(json);
}
