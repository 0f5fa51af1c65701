using Microsoft.Extensions.Time.Testing;

namespace StreamRelay.Streams;

public sealed class EventPaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_events_of_a_second_come_at_once_and_further_ones_when_their_time_has_come()
    {
        var pace = new EventPace(10, _time);

        Assert.Equal(TimeSpan.Zero, pace.Reserve(10, TimeSpan.MaxValue));
        Assert.Equal(TimeSpan.FromMilliseconds(100), pace.Reserve(1, TimeSpan.MaxValue));
        Assert.Equal(TimeSpan.FromMilliseconds(300), pace.Reserve(2, TimeSpan.MaxValue));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, pace.Reserve(10, TimeSpan.MaxValue));
    }

    [Fact]
    public void Events_that_would_wait_too_long_are_not_reserved()
    {
        var pace = new EventPace(10, _time);

        Assert.Null(pace.Reserve(100, TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(5), pace.Reserve(60, TimeSpan.FromSeconds(5)));
        Assert.Null(pace.Reserve(1, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Without_a_limit_nothing_waits() => Assert.Equal(TimeSpan.Zero, new EventPace(0, _time).Reserve(1_000_000, TimeSpan.Zero));
}
