using StreamRelay.Testing;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>A manual clock that tells when somebody has begun to wait: only then may a test move on.</summary>
internal sealed class TimerWatch : TimeProvider
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

    /// <summary>Waits for a timer that lasts between the two (seconds), and forgets it and all before it.</summary>
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
