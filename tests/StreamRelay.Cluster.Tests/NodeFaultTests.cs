using StreamRelay.TestSupport;
using Xunit.Abstractions;

namespace StreamRelay.Cluster;

/// <summary>Nodes that are killed, paused, shut down, cut off from Redis, or lost together with its newest entries.</summary>
public sealed class NodeFaultTests(ITestOutputHelper output) : FaultTests(output)
{
    [Fact]
    public async Task The_tasks_of_a_killed_node_are_finished_by_other_nodes()
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
    public async Task Readers_of_a_killed_node_continue_on_another_node()
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
    public async Task A_node_that_resumes_after_its_tasks_were_taken_over_writes_no_more_entries()
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
    public async Task A_node_that_resumes_after_its_tasks_were_deleted_does_not_restore_them()
    {
        await using var servers = await ClusterServers.StartAsync();
        await PlayAsync(servers, async round =>
        {
            var (victim, runs) = await round.VictimAsync();
            victim.Freeze();
            foreach (var task in runs)
            {
                await Wait.UntilAsync(() => servers.HasLeftAsync(task.Id, victim), ClusterServers.Deadline, $"{task} is taken over, or ended for the node");
                await round.Client.StopAsync(task.Id);
                task.MayVanish = true;
                await round.Client.DeleteAsync(task.Id);
            }

            victim.Thaw();
            return runs;
        });
    }

    [Fact]
    public async Task A_node_that_is_asked_to_stop_hands_its_tasks_over()
    {
        await using var servers = await ClusterServers.StartAsync();
        await PlayAsync(servers, async round =>
        {
            var (victim, runs) = await round.VictimAsync();
            await victim.EndAsync();
            return runs;
        });
    }

    [Fact]
    public async Task A_node_that_cannot_reach_Redis_loses_its_tasks_to_other_nodes_and_nothing_else()
    {
        await using var servers = await ClusterServers.StartAsync();
        await PlayAsync(servers, async round =>
        {
            var (victim, runs) = await round.VictimAsync();
            victim.Redis.Hold((Direction)round.Random.Next(2));
            await Task.Delay(ClusterServers.Outage * round.Random.Next(1, 3));
            victim.Redis.Release(deliver: round.Random.Next(2) == 0);
            return runs;
        });
    }

    [Fact]
    public async Task Entries_lost_with_Redis_and_their_writer_leave_the_same_log_on_all_nodes()
    {
        await using var servers = await ClusterServers.StartAsync(new() { AppendOnly = true });
        await PlayAsync(servers, async round =>
        {
            var (victim, runs) = await round.VictimAsync();
            servers.Redis.Remember();
            await round.WhenAboutASecondHasPassedAsync();
            await victim.KillAsync();

            // The victim may have taken events of every pushed task. The other tasks are young, so the nodes that started or stopped them count as well.
            foreach (var task in round.All)
                task.MayLose = runs.Contains(task) || task.Agent == "remote" || !round.Tasks.Contains(task);

            await servers.Redis.ForgetAsync();
            return runs;
        });
    }
}
