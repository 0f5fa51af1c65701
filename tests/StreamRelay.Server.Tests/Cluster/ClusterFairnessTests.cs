using System.Net.Http.Headers;
using System.Text.Json;
using StreamRelay.AspNetCore.Access;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Cluster;

/// <summary>A node with two slots, of which one owner may use one.</summary>
public sealed class ClusterFairnessTests
{
    [Fact]
    public async Task Many_endless_tasks_of_one_owner_do_not_keep_another_owners_task_from_running()
    {
        var (ann, bob) = (ApiKey.Create(), ApiKey.Create());
        var cluster = await SharedStores.NewClusterAsync();
        cluster["StreamRelay:Streams:MaxRunningTasks"] = "2";
        cluster["StreamRelay:Auth:Keys:0:Owner"] = "ann";
        cluster["StreamRelay:Auth:Keys:0:Hash"] = ann.Hash;
        cluster["StreamRelay:Auth:Keys:1:Owner"] = "bob";
        cluster["StreamRelay:Auth:Keys:1:Hash"] = bob.Hash;
        await using var node = new RelayApp(cluster);
        node.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ann.Key);
        List<string> endless = [];
        for (var count = 0; count < 20; count++)
            endless.Add(await node.StartAsync("count 100000 100"));

        node.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bob.Key);
        for (var count = 0; count < 3; count++)
        {
            var task = await node.TaskAsync(await node.StartAsync("count 3 0"));
            Assert.Equal("completed", task.GetProperty("status").GetString());
        }

        node.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ann.Key);
        var states = await Task.WhenAll(endless.Select(async id => (await node.TaskAsync(id, "")).GetProperty("status").GetString()));
        Assert.Equal(1, states.Count(state => state == "running"));
        Assert.Equal(19, states.Count(state => state == "queued"));
    }

    [Fact]
    public async Task Tasks_that_wait_for_a_conversation_and_tasks_of_others_do_not_keep_each_other_from_running()
    {
        var (ann, bob) = (ApiKey.Create(), ApiKey.Create());
        var cluster = await SharedStores.NewClusterAsync();
        cluster["StreamRelay:Streams:MaxRunningTasks"] = "1";
        cluster["StreamRelay:Agents:turns:Type"] = "probe";
        cluster["StreamRelay:Agents:turns:DoubleText"] = "Enqueue";
        cluster["StreamRelay:Auth:Keys:0:Owner"] = "ann";
        cluster["StreamRelay:Auth:Keys:0:Hash"] = ann.Hash;
        cluster["StreamRelay:Auth:Keys:1:Owner"] = "bob";
        cluster["StreamRelay:Auth:Keys:1:Hash"] = bob.Hash;
        await using var node = new RelayApp(cluster);
        List<(string Key, string Id)> tasks = [];
        for (var turn = 0; turn < 20; turn++)
        {
            node.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ann.Key);
            using var said = await node.PostAsync("/v1/tasks", """{"agent":"turns","input":"count 2 0","session_id":"talk"}""");
            tasks.Add((ann.Key, JsonElement.Parse(await said.Content.ReadAsStringAsync()).GetProperty("id").GetString()!));
            node.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bob.Key);
            tasks.Add((bob.Key, await node.StartAsync("count 2 0")));
        }

        foreach (var (key, id) in tasks)
        {
            node.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            Assert.Equal("completed", (await node.TaskAsync(id)).GetProperty("status").GetString());
        }
    }
}
