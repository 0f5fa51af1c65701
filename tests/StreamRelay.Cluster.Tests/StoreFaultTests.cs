using Xunit.Abstractions;

namespace StreamRelay.Cluster;

/// <summary>Redis and PostgreSQL that are killed, paused, unreachable, or lose data.</summary>
public sealed class StoreFaultTests(ITestOutputHelper output) : FaultTests(output)
{
    /// <summary>Shorter than the outage, and long enough for nodes that share two processors to renew it.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_restart_of_Redis_without_data_loss_delays_tasks_but_loses_nothing()
    {
        await using var servers = await ClusterServers.StartAsync(new() { AppendOnly = true, AppendFsync = "always" }, lease: Lease);
        await PlayAsync(servers, async round =>
        {
            if (round.Seed % 2 == 0)
                await servers.Redis.StopAsync();
            else
                servers.Redis.Kill();

            await Task.Delay(ClusterServers.Outage);
            await servers.Redis.RestartAsync();
            return round.Tasks;
        }, keepsRunning: true);
    }

    [Fact]
    public async Task A_frozen_Redis_delays_tasks_but_loses_nothing()
    {
        await using var servers = await ClusterServers.StartAsync(lease: Lease);
        await PlayAsync(servers, async round =>
        {
            servers.Redis.Pause();
            await Task.Delay(ClusterServers.Outage);
            servers.Redis.Resume();
            return round.Tasks;
        }, keepsRunning: true);
    }

    [Fact]
    public async Task An_unreachable_Redis_delays_tasks_but_loses_nothing()
    {
        await using var servers = await ClusterServers.StartAsync(lease: Lease);
        await PlayAsync(servers, async round =>
        {
            await Task.WhenAll(servers.Nodes.Select(node => node.Redis.ShutAsync()));
            await Task.Delay(ClusterServers.Outage);
            foreach (var node in servers.Nodes)
                node.Redis.Open();

            return round.Tasks;
        }, keepsRunning: true);
    }

    [Fact]
    public async Task Entries_that_Redis_lost_are_written_again_by_the_nodes_that_wrote_them()
    {
        await using var servers = await ClusterServers.StartAsync(new() { AppendOnly = true }, lease: Lease);
        await PlayAsync(servers, async round =>
        {
            servers.Redis.Remember();
            await round.WhenAboutASecondHasPassedAsync();
            await servers.Redis.ForgetAsync();
            return round.Tasks;
        }, keepsRunning: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Redis_that_loses_everything_leaves_the_same_log_on_all_nodes_and_no_task_unfinished(bool isKilled)
    {
        await using var servers = await ClusterServers.StartAsync(lease: Lease);
        await PlayAsync(servers, async round =>
        {
            MayLose(round);
            if (isKilled)
                servers.Redis.Kill();

            await (isKilled ? servers.Redis.RestartAsync() : servers.Redis.CliAsync("FLUSHALL"));
            MayLose(round);
            return [];
        });
    }

    private static void MayLose(Round round)
    {
        foreach (var task in round.All)
            task.MayLose = true;
    }

    [Fact]
    public async Task A_restart_of_PostgreSQL_delays_tasks_but_loses_nothing()
    {
        await using var servers = await ClusterServers.StartAsync(ownPostgres: true, lease: Lease);
        await PlayAsync(servers, async round =>
        {
            if (round.Seed % 2 == 0)
                servers.Postgres.Kill();
            else
                await servers.Postgres.StopAsync();

            await Task.Delay(ClusterServers.Outage);
            await servers.Postgres.RestartAsync();
            return round.Tasks;
        }, keepsRunning: true);
    }
}
