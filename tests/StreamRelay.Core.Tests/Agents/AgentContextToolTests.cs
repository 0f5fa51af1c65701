using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Streams;
using StreamRelay.TestSupport;

namespace StreamRelay.Agents;

public sealed class AgentContextToolTests
{
    [Fact]
    public async Task A_tool_call_is_an_action_and_an_observation()
    {
        var events = await RunAsync(async (context, token) =>
        {
            var weather = await context.ToolAsync("get_weather", new { CityName = "Köln", Days = 2 }, _ => Task.FromResult(new { Degrees = 21 }), token);
            await context.OutputAsync($"{weather.Degrees} degrees", token);
            await context.ToolAsync("say", new { }, _ => Task.FromResult("hello"), token);
        });

        Assert.Equal(["start", "action", "observation", "output", "action", "observation", "usage", "end"], events.Select(each => each.Kind.ToName()));
        var (first, second) = (ActionMetadata.Read(events[1]), ActionMetadata.Read(events[4]));
        Assert.Equal(("get_weather", false, "{\"city_name\":\"Köln\",\"days\":2}"), (first.ToolName, first.IsForCaller, Text(first.Input)));
        Assert.NotEqual(first.ToolCallId, second.ToolCallId);
        AssertResult(events[2], first.ToolCallId, "{\"degrees\":21}", "{\"degrees\":21}", isError: false);
        AssertResult(events[5], second.ToolCallId, "\"hello\"", "hello", isError: false);
    }

    [Fact]
    public async Task A_tool_that_fails_shows_only_what_an_agent_exception_states_and_the_agent_may_continue()
    {
        var events = await RunAsync(async (context, token) =>
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => context.ToolAsync<int>("first", new { }, _ => throw new InvalidOperationException("secret"), token));
            await Assert.ThrowsAsync<AgentException>(() => context.ToolAsync<int>("second", new { }, _ => throw new AgentException("no_city", "Name a city."), token));
        });

        Assert.Equal(["start", "action", "observation", "action", "observation", "usage", "end"], events.Select(each => each.Kind.ToName()));
        AssertResult(events[2], ActionMetadata.Read(events[1]).ToolCallId, "\"The tool failed.\"", "The tool failed.", isError: true);
        AssertResult(events[4], ActionMetadata.Read(events[3]).ToolCallId, "\"Name a city.\"", "Name a city.", isError: true);
    }

    [Fact]
    public async Task Arguments_that_are_larger_than_an_event_are_published_in_pieces_and_such_a_result_is_an_error()
    {
        var large = new string('a', 3000);
        var events = await RunAsync(
            (context, token) => context.ToolAsync("copy", new { Text = large }, _ => Task.FromResult(large), token), new StreamOptions { MaxEventBytes = 2048 });

        var pieces = events.Where(each => each.Kind == StreamEventKind.ActionDelta).ToList();
        Assert.Equal(large, JsonDocument.Parse(string.Concat(pieces.Select(piece => piece.Text()))).RootElement.GetProperty("text").GetString());
        Assert.True(ActionMetadata.Read(events.Single(each => each.Kind == StreamEventKind.Action)).Input.IsEmpty);
        Assert.True(ObservationMetadata.Read(events.Single(each => each.Kind == StreamEventKind.Observation)).IsError);
        Assert.Equal("error", events[^1].Kind.ToName());
    }

    [Fact]
    public async Task A_stop_within_a_tool_is_what_the_agent_sees()
    {
        var (seen, kinds) = await StopAsync((context, began, token) => context.ToolAsync("wait", new { }, async stop =>
        {
            began();
            await Task.Delay(Timeout.Infinite, stop);
            return 1;
        }, token));

        Assert.IsAssignableFrom<OperationCanceledException>(seen);
        Assert.Equal(["start", "action", "usage", "end"], kinds);
    }

    [Fact]
    public async Task A_step_ends_when_it_is_disposed_also_when_the_agent_fails()
    {
        var events = await RunAsync(async (context, token) =>
        {
            await using var outer = await context.StepAsync("Plan", token);
            await using (await context.StepAsync("Look", token))
                await context.OutputAsync("x", token);

            throw new AgentException("lost", "It got lost.");
        });

        Assert.Equal(["start", "step_start", "step_start", "output", "step_end", "step_end", "usage", "error"], events.Select(each => each.Kind.ToName()));
        Assert.Equal(["Plan", "Look", "Look", "Plan"], events.Where(each => each.Kind is StreamEventKind.StepStart or StreamEventKind.StepEnd).Select(each => each.Text()));
        Assert.Equal(events[1].Metadata(), events[5].Metadata());
        Assert.NotEqual(events[1].Metadata(), events[2].Metadata());
    }

    [Fact]
    public async Task A_stop_within_a_step_is_what_the_agent_sees()
    {
        var (seen, kinds) = await StopAsync(async (context, began, token) =>
        {
            await using var step = await context.StepAsync("Wait", token);
            began();
            await Task.Delay(Timeout.Infinite, token);
        });

        Assert.IsAssignableFrom<OperationCanceledException>(seen);
        Assert.Equal(["start", "step_start", "usage", "end"], kinds);
    }

    /// <summary>Stops a task when its agent says that it has begun.</summary>
    private static async Task<(Exception? Seen, IEnumerable<string> Kinds)> StopAsync(Func<AgentContext, Action, CancellationToken, Task> agent)
    {
        var (began, seen) = (new TaskCompletionSource(), new TaskCompletionSource<Exception?>());
        await using var relay = await Relay.StartAsync(async (context, token) => seen.SetResult(await Record.ExceptionAsync(() => agent(context, began.SetResult, token))));
        var task = await relay.RunAsync();
        await began.Task.WaitAsync(Relay.Deadline);
        await relay.Host.StopTaskAsync(task.Id, CancellationToken.None);
        return (await seen.Task.WaitAsync(Relay.Deadline), (await relay.ReadAllAsync(task.Id)).Select(entry => entry.Event.Kind.ToName()));
    }

    private static async Task<List<StreamEvent>> RunAsync(Func<AgentContext, CancellationToken, Task> agent, StreamOptions? options = null)
    {
        await using var relay = await Relay.StartAsync(agent, options);
        var task = await relay.EndAsync(await relay.RunAsync());
        return [.. (await relay.ReadAllAsync(task.Id)).Select(entry => entry.Event)];
    }

    private static void AssertResult(StreamEvent observation, string call, string output, string text, bool isError)
    {
        var metadata = ObservationMetadata.Read(observation);
        Assert.Equal((call, output, text, isError), (metadata.ToolCallId, Text(metadata.Output), observation.Text(), metadata.IsError));
    }

    private static string Text(ReadOnlyMemory<byte> json) => System.Text.Encoding.UTF8.GetString(json.Span);
}
