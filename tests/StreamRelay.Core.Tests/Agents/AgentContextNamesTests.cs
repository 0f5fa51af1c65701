using System.Text;
using Microsoft.Extensions.Logging;
using StreamRelay.TestSupport;

namespace StreamRelay.Agents;

/// <summary>Several agents share one task, each under its own name.</summary>
public sealed class AgentContextNamesTests
{
    [Fact]
    public async Task What_an_agent_publishes_has_its_name_until_it_is_done_also_deep_below()
    {
        var events = await RunAsync(async (context, ct) =>
        {
            using (context.As("writer"))
            {
                await context.OutputAsync("draft", ct);
                using (context.As("researcher"))
                    await context.ToolAsync("look", new { }, _ => Task.FromResult("found"), ct);

                context.TryLog(LogLevel.Information, "Crew", "written");
                AgentContext.Current!.TryOutput("!");
            }

            await context.OutputAsync("done", ct);
        });

        Assert.Equal(
            [("writer", "draft"), ("researcher", ""), ("researcher", "found"), ("writer", "written"), ("writer", "!"), (null, "done")],
            events.Select(entry => (entry.Agent, entry.Text)));
    }

    [Fact]
    public async Task Agents_that_run_at_the_same_time_keep_their_names()
    {
        var both = new Barrier(2);
        var events = await RunAsync((context, ct) => Task.WhenAll(PublishAsync(context, "first", ct), PublishAsync(context, "second", ct)));

        Assert.Equal(["first", "second"], events.Select(entry => entry.Text).Order());
        Assert.All(events, entry => Assert.Equal(entry.Text, entry.Agent));

        Task PublishAsync(AgentContext context, string name, CancellationToken cancellationToken) => Task.Run(
            async () =>
            {
                using var author = context.As(name);
                both.SignalAndWait(Relay.Deadline, cancellationToken);
                await context.OutputAsync(name, cancellationToken);
            },
            cancellationToken);
    }

    [Fact]
    public async Task Halves_of_a_character_are_joined_for_each_agent()
    {
        var events = await RunAsync(async (context, ct) =>
        {
            foreach (var half in "😀")
            {
                foreach (var author in new[] { "first", "second" })
                {
                    using (context.As(author))
                        await context.OutputAsync($"{half}", ct);
                }
            }

            using (context.As("third"))
                await context.OutputAsync("\uD83D", ct);
        });

        Assert.Equal([("first", "😀"), ("second", "😀"), ("third", "\uFFFD")], events.Select(entry => (entry.Agent, entry.Text)));
    }

    private static async Task<List<(string? Agent, string Text)>> RunAsync(Func<AgentContext, CancellationToken, Task> agent)
    {
        await using var relay = await Relay.StartAsync(agent);
        var task = await relay.EndAsync(await relay.RunAsync());
        return [.. (await relay.ReadAllAsync(task.Id))[1..^2].Select(entry => (entry.Event.Agent, Encoding.UTF8.GetString(entry.Event.Content.Span)))];
    }
}
