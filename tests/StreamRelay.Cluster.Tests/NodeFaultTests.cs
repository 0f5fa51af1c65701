using StreamRelay.Testing;
using Xunit.Abstractions;

namespace StreamRelay.Cluster;

/// <summary>Nodes that die, freeze and leave.</summary>
public sealed class NodeFaultTests(ITestOutputHelper output) : FaultTests(output)
{
    [Fact]
    public async Task A_node_that_is_killed_takes_no_task_with_it()
    {
        await using var servers = await ClusterServers.StartAsync();
        await PlayAsync(servers, async round =>
        {
            var (victim, runs) = await round.VictimAsync();
            await victim.KillAsync();
            return runs;
        });
    }

    [Fact]
    public async Task Readers_of_a_node_that_is_killed_go_on_at_another()
    {
        await using var servers = await ClusterServers.StartAsync();
        await PlayAsync(servers, async round =>
        {
            var (victim, runs) = await round.VictimAsync(busy: false);
            await victim.KillAsync();
            return runs;
        });
    }

    [Fact]
    public async Task A_node_that_wakes_up_after_its_tasks_were_taken_over_writes_nothing_more()
    {
        await using var servers = await ClusterServers.StartAsync();
        await PlayAsync(servers, async round =>
        {
            var (victim, runs) = await round.VictimAsync();
            victim.Freeze();
            await Task.Delay(ClusterServers.Lease * (1 + round.Random.Next(1, 4)));
            victim.Thaw();
            return runs;
        });
    }

    [Fact]
    public async Task A_node_that_wakes_up_after_its_tasks_were_deleted_does_not_bring_them_back()
    {
        await using var servers = await ClusterServers.StartAsync();
        await PlayAsync(servers, async round =>
        {
            var (victim, runs) = await round.VictimAsync();
            victim.Freeze();
            foreach (var task in runs)
            {
                await Wait.UntilAsync(() => servers.RunnerAsync(task.Id), node => node != victim, ClusterServers.Deadline, $"{task} is taken over");
                await round.Client.StopAsync(task.Id);
                task.MayVanish = true;
                await round.Client.DeleteAsync(task.Id);
            }

            victim.Thaw();
            return runs;
        });
    }

    [Fact]
    public async Task A_node_that_is_asked_to_end_hands_its_tasks_over()
    {
        await using var servers = await ClusterServers.StartAsync();
        await PlayAsync(servers, async round =>
        {
            var (victim, runs) = await round.VictimAsync();
            await victim.EndAsync();
            return runs;
        });
    }
}
