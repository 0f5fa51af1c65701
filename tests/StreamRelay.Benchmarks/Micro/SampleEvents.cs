using System.Text;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Benchmarks.Micro;

/// <summary>The events that the benchmarks use.</summary>
internal static class SampleEvents
{
    /// <summary>How many events one call of a benchmark handles.</summary>
    public const int Count = 1_000;

    private static readonly StreamEvent Start = new(StreamEventKind.Start, default, "{\"model\":\"probe\",\"created\":0}"u8.ToArray());

    /// <summary>A task of these events.</summary>
    public static TaskRequest Request { get; } = new()
    {
        Id = TaskId.New(TimeProvider.System),
        Agent = "probe",
        Owner = "me",
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>The entries of a log: its start, then tokens of one kind.</summary>
    public static StreamEntry[] Entries(SampleContent content) =>
        [.. Enumerable.Range(0, Count).Select(index => new StreamEntry(index + 1, DateTimeOffset.UnixEpoch, index == 0 ? Start : Create(content, index)))];

    private static StreamEvent Create(SampleContent content, int index) => content switch
    {
        SampleContent.Tokens => Text(" the"),
        SampleContent.Escapes => Text(index % 4 == 0 ? "(\"a\");\n" : " the"),
        SampleContent.LongTexts => Text(new string('a', 200)),
        _ => AgentEvents.ActionDelta($"call_{index / 20}", "get_weather", "caller", "\"a\":1,"),
    };

    private static StreamEvent Text(string text) => new(StreamEventKind.Output, Encoding.UTF8.GetBytes(text));
}
