using Microsoft.Extensions.Logging.Testing;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>Looks for text in the level, message and exception of what was logged.</summary>
internal static class FakeLogCollectorExtensions
{
    /// <summary>Returns how many records contain the text so far.</summary>
    public static int Count(this FakeLogCollector log, string text) => log.GetSnapshot().Count(record => Contains(record, text));

    /// <summary>Waits until so many records contain the text.</summary>
    public static async Task WhenAsync(this FakeLogCollector log, string text, int count = 1)
    {
        using var deadline = new CancellationTokenSource(Relay.Deadline);
        await foreach (var record in log.GetLogsAsync(deadline.Token))
        {
            if (Contains(record, text) && --count == 0)
                return;
        }
    }

    private static bool Contains(FakeLogRecord record, string text) =>
        $"{record.Level}: {record.Message} {record.Exception}".Contains(text, StringComparison.Ordinal);
}
