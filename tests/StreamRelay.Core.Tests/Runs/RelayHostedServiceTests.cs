using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StreamRelay.TestSupport;

namespace StreamRelay.Runs;

public sealed class RelayHostedServiceTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_service_that_is_stopped_again_after_its_parts_were_disposed_has_nothing_to_do()
    {
        await using var relay = await Relay.StartAsync((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var timer = new RetentionTimer(relay.Retention, Options.Create(new RetentionOptions()), relay.Time, NullLogger<RetentionTimer>.Instance);
        var policy = new DisconnectPolicy(relay.Runs, relay.Host, relay.Readers, relay.Retention, relay.Stores, lifetime, NullLogger<DisconnectPolicy>.Instance);
        var sweep = new TaskSweep(relay.Scheduler, relay.Runs, relay.Time, NullLogger<TaskSweep>.Instance);
        var service = new RelayHostedService(relay.Scheduler, policy, timer, sweep);
        await service.StartAsync(None);
        var task = await relay.RunAsync();

        await service.StopAsync(None);
        timer.Dispose();
        sweep.Dispose();
        await service.StopAsync(None);

        Assert.True(relay.Host.IsStopping);
        Assert.False((await relay.Tasks.FindAsync(task.Id, None))!.IsEnded);
    }
}
