using System.Collections.Concurrent;

namespace StreamRelay.Client.Fixtures;

/// <summary>Time that passes a hundred times as fast, so that tests do not wait for the pauses of a client.</summary>
internal sealed class FastTime : TimeProvider
{
    private const int Speed = 100;

    /// <summary>Options with such a time, in which nothing takes too long on a slow machine.</summary>
    public static StreamRelayClientOptions Options { get; } = new() { TimeProvider = new FastTime(), SilenceTimeout = TimeSpan.FromHours(1), ProgressTimeout = TimeSpan.FromHours(2) };

    /// <summary>The same, for what is given up after the usual time.</summary>
    public static StreamRelayClientOptions Impatient { get; } = Options with { ProgressTimeout = TimeSpan.FromMinutes(2) };

    /// <summary>The time of each timer, in the order in which they were set.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => System.TimestampFrequency / Speed;

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Enqueue(dueTime);
        return System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Speed : dueTime, period);
    }
}
