using StreamRelay.TestSupport;

namespace StreamRelay.Server.Cluster;

/// <summary>Two nodes with two slots each, of which one owner may use one.</summary>
public sealed class ClusterHandOverTests
{
    [Fact]
    public async Task A_task_that_one_node_has_taken_and_may_not_run_yet_goes_to_a_node_that_has_nothing_to_run()
    {
        var cluster = await SharedStores.NewClusterAsync();
        cluster["StreamRelay:Streams:MaxRunningTasks"] = "2";
        await using var one = new RelayApp(cluster);
        var first = await one.StartAsync("count 1000000 100");
        await WhenAsync(one, first, "running");
        var second = await one.StartAsync("count 1000000 100");
        var third = await one.StartAsync("count 3 0");

        await using var two = new RelayApp(cluster);

        await WhenAsync(two, second, "running");
        using var stopped = await two.PostAsync($"/v1/tasks/{second}/stop", "");
        Assert.Equal("completed", (await two.TaskAsync(third)).GetProperty("status").GetString());
        Assert.Equal("running", (await two.TaskAsync(first, "")).GetProperty("status").GetString());
    }

    private static Task WhenAsync(RelayApp node, string task, string status) => Wait.UntilAsync(
        async () => (await node.TaskAsync(task, "")).GetProperty("status").GetString() == status, TimeSpan.FromSeconds(60), $"the task is {status}");
}
