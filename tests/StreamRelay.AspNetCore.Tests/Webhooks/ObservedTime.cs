using Microsoft.Extensions.Time.Testing;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>A fake clock that a test can wait on until a timer is set: only then may the test advance the clock.</summary>
internal sealed class ObservedTime : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _timers = [];
    private TaskCompletionSource _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_gate)
        {
            _timers.Add(dueTime);
            _made.SetResult();
            _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return timer;
    }

    /// <summary>Waits until a timer of at least <paramref name="shortest"/> and at most <paramref name="longest"/> seconds is set; the next call ignores it and all earlier ones.</summary>
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
