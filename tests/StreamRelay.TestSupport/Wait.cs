using System.Diagnostics;

namespace StreamRelay.TestSupport;

/// <summary>Waits for what nothing signals.</summary>
public static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until the condition holds.</summary>
    /// <returns>How long that took.</returns>
    /// <exception cref="TimeoutException">It did not hold in time; the message has the last look.</exception>
    public static async Task<TimeSpan> UntilAsync<T>(Func<Task<T>> look, Predicate<T> condition, TimeSpan deadline, string what)
    {
        var clock = Stopwatch.StartNew();
        for (var seen = await look(); !condition(seen); seen = await look())
        {
            if (clock.Elapsed > deadline)
                throw new TimeoutException($"After {deadline}: {what}: {seen}");

            await Task.Delay(Pause);
        }

        return clock.Elapsed;
    }

    /// <summary>Looks until the condition holds.</summary>
    public static Task UntilAsync(Func<Task<bool>> condition, TimeSpan deadline, string what) => UntilAsync(condition, static holds => holds, deadline, what);
}
