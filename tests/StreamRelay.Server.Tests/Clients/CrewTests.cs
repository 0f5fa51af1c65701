using System.Net;
using System.Net.Http.Json;
using StreamRelay.Client;
using StreamRelay.Client.Events;
using StreamRelay.Client.Tasks;

namespace StreamRelay.Server.Clients;

/// <summary>The sample of three agents that share one task.</summary>
public sealed class CrewTests : IAsyncLifetime
{
    private SampleProcess _sample = null!;

    public async Task InitializeAsync() => _sample = await SampleProcess.StartAsync("crew", "Crew.dll");

    public async Task DisposeAsync() => await _sample.DisposeAsync();

    [Fact]
    public async Task Each_agent_of_the_crew_publishes_under_its_name_and_the_writer_makes_a_file()
    {
        using var client = new StreamRelayClient(_sample.Client);
        var task = await client.StartAsync(new RelayTaskStart("newsroom", "tea") { Metadata = new() { ["facts"] = 3 } });

        var events = await client.ReadAsync(task.Id).ToListAsync();

        Assert.Equal(["newsroom", "researcher", "writer", "newsroom"], events.Select(streamed => streamed.AgentName).Aggregate(new List<string>(), AddChange));
        Assert.Equal(3, events.Count(streamed => streamed is { Type: RelayEventTypes.Observation, AgentName: "researcher", IsError: false }));
        Assert.Equal("Tea comes from one plant. Green tea is not fermented. Tea grows best in the shade. ", Text(events));
        Assert.Equal(("article.md", "writer"), events.Where(streamed => streamed.Type == RelayEventTypes.File).Select(streamed => (streamed.Name, streamed.AgentName)).Single());
        Assert.StartsWith("# tea\n\nTea comes", await _sample.Client.GetStringAsync($"/download/{task.Id}/article.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subject_that_the_library_does_not_have_fails_the_task_without_a_file()
    {
        using var client = new StreamRelayClient(_sample.Client);

        var task = await client.WaitAsync((await client.StartAsync("newsroom", "milk")).Id);

        Assert.Equal(("failed", "no_facts", 0), (task.Status, task.Error?.Code, task.Files.Count));
    }

    [Fact]
    public async Task Options_that_the_crew_does_not_take_are_refused()
    {
        using var answer = await _sample.Client.PostAsJsonAsync("/v1/tasks", new { agent = "newsroom", input = "tea", metadata = new { facts = 7 } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("metadata.facts", await answer.Content.ReadAsStringAsync());
    }

    private static string Text(IEnumerable<RelayEvent> events) => string.Concat(events.Where(streamed => streamed.Type == RelayEventTypes.Output).Select(streamed => streamed.Content));

    private static List<string> AddChange(List<string> names, string name)
    {
        if (names.LastOrDefault() != name)
            names.Add(name);

        return names;
    }
}
