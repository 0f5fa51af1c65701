namespace StreamRelay.Streams;

/// <summary>Spaces the events of a task out to <see cref="StreamOptions.MaxEventsPerSecond"/>; the events of one second may come at once. Safe to use from any thread.</summary>
/// <param name="perSecond">Events a second; 0: no limit.</param>
/// <param name="time">The clock.</param>
public sealed class EventPace(int perSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _began = time.GetTimestamp();
    private TimeSpan _used;

    /// <summary>Reserves events.</summary>
    /// <param name="events">How many.</param>
    /// <param name="longest">How long they may have to wait.</param>
    /// <returns>How long they have to wait; <see langword="null"/> when that is longer, and nothing was reserved.</returns>
    public TimeSpan? Reserve(int events, TimeSpan longest)
    {
        if (perSecond == 0)
            return TimeSpan.Zero;

        lock (_lock)
        {
            var now = time.GetElapsedTime(_began);
            var used = (_used > now ? _used : now) + TimeSpan.FromSeconds((double)events / perSecond);
            var wait = used - now - TimeSpan.FromSeconds(1);
            if (wait > longest)
                return null;

            _used = used;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }
}
