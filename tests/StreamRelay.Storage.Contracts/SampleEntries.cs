using System.Text;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Contracts;

/// <summary>Entries, and short ways to append and read them.</summary>
public static class SampleEntries
{
    public static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_750_000_000_123);

    private static long _tasks;

    /// <summary>Returns an id that sorts after all earlier ones.</summary>
    public static TaskId NewTask() => new(Guid.CreateVersion7(Start.AddMilliseconds(Interlocked.Increment(ref _tasks))));

    public static StreamEntry Entry(long offset, string text, string metadata = "", string? agent = null) =>
        new(offset, Start.AddMilliseconds(offset),
            new(StreamEventKind.Output, Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(metadata), agent));

    public static StreamEntry[] Entries(long first, int count, string prefix = "t") =>
        [.. Enumerable.Range(0, count).Select(index => Entry(first + index, prefix + (first + index)))];

    public static string Text(this StreamEntry entry) => Encoding.UTF8.GetString(entry.Event.Content.Span);

    public static async Task<List<StreamEntry>> ReadAllAsync(this IEventLog log, TaskId task, int limit = 1_000)
    {
        var all = new List<StreamEntry>();
        while (true)
        {
            var page = await log.ReadAsync(task, all.Count, limit, CancellationToken.None);
            if (page.IsEmpty)
                return all;
            all.AddRange(page.Span);
        }
    }

    public static async Task AppendAsync(this IEventLog log, TaskId task, StreamEntry[] entries, long epoch = 1)
    {
        await using var writer = await log.OpenAsync(task, epoch, CancellationToken.None);
        await writer.AppendAsync(entries, CancellationToken.None);
    }
}
