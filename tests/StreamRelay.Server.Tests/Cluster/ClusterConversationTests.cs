using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Cluster;

/// <summary>Conversations of a cluster.</summary>
public sealed class ClusterConversationTests
{
    [Fact]
    public async Task Responses_of_two_nodes_at_once_are_appended_one_after_the_other_and_are_there_for_both_when_they_have_ended()
    {
        var cluster = await SharedStores.NewClusterAsync();
        await using var one = new RelayApp(cluster);
        await using var two = new RelayApp(cluster);
        var id = (await PostAsync(one, "/v1/conversations", "{}")).GetProperty("id").GetString()!;

        await Task.WhenAll(Enumerable.Range(1, 8).Select(turn => PostAsync(turn % 2 == 0 ? one : two, "/v1/responses", Body(id, $"count {turn} 1"))));
        foreach (var node in (RelayApp[])[one, two])
        {
            var items = await ItemsAsync(node, id);
            Assert.Equal(16, items.Length);
            Assert.All(items.Chunk(2), turn => Assert.Equal(Answer(turn[0]), turn[1]));
        }

        for (var turn = 9; turn <= 12; turn++)
        {
            await PostAsync(turn % 2 == 0 ? one : two, "/v1/responses", Body(id, $"count {turn} 0"));
            Assert.Equal($"count {turn} 0", (await ItemsAsync(turn % 2 == 0 ? two : one, id))[^2]);
        }
    }

    private static string Body(string conversation, string input) => $$"""{"model":"probe","conversation":"{{conversation}}","input":"{{input}}"}""";

    private static string Answer(string input) => string.Concat(Enumerable.Range(1, int.Parse(input.Split(' ')[1])).Select(number => $"t{number} "));

    private static async Task<string[]> ItemsAsync(RelayApp node, string id) =>
        [.. (await node.Client.GetFromJsonAsync<JsonElement>($"/v1/conversations/{id}/items?order=asc&limit=100")).GetProperty("data").EnumerateArray()
            .Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()!)];

    private static async Task<JsonElement> PostAsync(RelayApp node, string path, string body)
    {
        using var answer = await node.PostAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
