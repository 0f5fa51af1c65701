using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Testing;

namespace StreamRelay.Runs;

public sealed class RetentionTimerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_task_is_deleted_after_the_retention_age_and_a_younger_one_is_kept()
    {
        var (time, log) = (new FakeTimeProvider(), new DeletionLog());
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask, time: time, log: log);
        var old = await relay.EndAsync(await relay.RunAsync());
        time.Advance(TimeSpan.FromMinutes(30));
        var young = await relay.EndAsync(await relay.RunAsync());
        using var timer = new RetentionTimer(relay.Retention, Options.Create(new RetentionOptions { Age = TimeSpan.FromHours(1) }), time, NullLogger<RetentionTimer>.Instance);

        await timer.StartAsync(None);
        time.Advance(TimeSpan.FromMinutes(31));
        await log.WhenDeletedAsync(old.Id).WaitAsync(Relay.Deadline);
        await timer.StopAsync(None);

        Assert.Null(await relay.Tasks.FindAsync(old.Id, None));
        Assert.NotNull(await relay.Tasks.FindAsync(young.Id, None));
    }

    [Fact]
    public async Task Ended_tasks_are_deleted_oldest_first_when_they_exceed_the_bytes()
    {
        var (time, log) = (new FakeTimeProvider(), new DeletionLog());
        await using var relay = await Relay.StartAsync(async (context, token) => await context.OutputAsync("hello", token), time: time, log: log);
        var old = await relay.EndAsync(await relay.RunAsync());
        time.Advance(TimeSpan.FromMinutes(1));
        var young = await relay.EndAsync(await relay.RunAsync());
        using var timer = new RetentionTimer(relay.Retention, Options.Create(new RetentionOptions { Bytes = young.Bytes }), time, NullLogger<RetentionTimer>.Instance);

        await timer.StartAsync(None);
        time.Advance(TimeSpan.FromMinutes(1));
        await log.WhenDeletedAsync(old.Id).WaitAsync(Relay.Deadline);
        await timer.StopAsync(None);

        Assert.NotNull(await relay.Tasks.FindAsync(young.Id, None));
    }
}
