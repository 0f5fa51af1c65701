namespace StreamRelay.AspNetCore.Webhooks;

public class RetryScheduleTests
{
    [Theory]
    [InlineData(1, 0, 5)]
    [InlineData(1, 1, 3.75)]
    [InlineData(2, 0, 10)]
    [InlineData(3, 0.5, 17.5)]
    [InlineData(10, 0, 2560)]
    [InlineData(11, 0, 3600)]
    [InlineData(100, 0, 3600)]
    [InlineData(100, 1, 2700)]
    public void The_wait_doubles_up_to_an_hour_less_what_chance_takes(int attempts, double chance, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.Delay(TimeSpan.FromSeconds(5), attempts, chance));

    [Fact]
    public void The_longest_settings_do_not_overflow() =>
        Assert.Equal(RetrySchedule.LongestDelay, RetrySchedule.Delay(RetrySchedule.LongestDelay, 100, 0));
}
