using StreamRelay.Testing;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>A manual clock that signals when a timer was created, so that a test can advance the time afterwards.</summary>
internal sealed class ObservedTime : TimeProvider
{
    private readonly ManualTime _time = new();
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _timers = [];
    private TaskCompletionSource _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp() => _time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _time.CreateTimer(callback, state, dueTime, period);
        lock (_gate)
        {
            _timers.Add(dueTime);
            _made.SetResult();
            _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return timer;
    }

    public void Advance(TimeSpan by) => _time.Advance(by);

    /// <summary>Waits for a timer with a due time between the two (in seconds), and removes it and all earlier ones.</summary>
    public async Task<TimeSpan> WhenArmedAsync(double shortest, double longest)
    {
        while (true)
        {
            Task made;
            lock (_gate)
            {
                made = _made.Task;
                var index = _timers.FindIndex(timer => timer.TotalSeconds >= shortest && timer.TotalSeconds <= longest);
                if (index >= 0)
                {
                    var found = _timers[index];
                    _timers.RemoveRange(0, index + 1);
                    return found;
                }
            }

            await made.WaitAsync(Relay.Deadline);
        }
    }
}
