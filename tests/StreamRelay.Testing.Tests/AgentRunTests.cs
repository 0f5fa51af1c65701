using System.Text;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Agents;
using StreamRelay.Client.Events;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Testing;

/// <summary>A test steers a run: it waits for events, stops it, breaks it off and moves its clock.</summary>
public sealed class AgentRunTests
{
    [Fact]
    public async Task A_run_that_is_stopped_keeps_its_output_and_ends_once()
    {
        await using var run = await AgentHarness.StartAsync(WaitAsync, "");
        await run.WaitForAsync(RelayEventTypes.Output);

        await run.StopAsync();
        await run.StopAsync();

        Assert.Equal((TaskState.Stopped, "working"), (run.State, run.Text));
        Assert.Equal("stopped", run.Events.Single(streamed => streamed.IsTerminal).Status);
    }

    [Fact]
    public async Task A_run_that_is_broken_off_continues_with_its_history_and_the_next_attempt()
    {
        await using var run = await AgentHarness.StartAsync(ResumeAsync, "");
        await run.WaitForAsync(streamed => streamed.Content == "one");

        await run.RestartAsync();
        await run.WaitForEndAsync();

        Assert.Equal(2, run.Attempt);
        Assert.Equal(["start", "output", "output", "usage", "end"], run.Events.Select(streamed => streamed.Type));
        Assert.Equal("onetwo", run.Text);
        Assert.StartsWith("The task has ended", (await Assert.ThrowsAsync<InvalidOperationException>(run.RestartAsync)).Message);
    }

    [Fact]
    public async Task A_test_chooses_the_attempt_and_the_history()
    {
        long attempt = 0;
        List<string> history = [];
        var run = await AgentHarness.RunAsync(
            async (context, ct) =>
            {
                attempt = context.Attempt;
                await foreach (var entry in context.HistoryAsync(ct))
                    history.Add(Encoding.UTF8.GetString(entry.Event.Content.Span));
            },
            "",
            new() { Attempt = 3, History = [new(StreamEventKind.Output, "so far"u8.ToArray())] });

        Assert.Equal((3, "so far"), (attempt, run.Text));
        Assert.Equal(["", "so far"], history);
    }

    [Fact]
    public async Task A_fake_clock_moves_an_agent_through_all_its_waits()
    {
        var time = new FakeTimeProvider();
        await using var run = await AgentHarness.StartAsync(CountAsync, "", new() { Time = time });

        var third = await run.AdvanceAsync(time, TimeSpan.FromMinutes(1), streamed => streamed.Content == "3");
        await run.WaitForEndAsync();

        Assert.True(third.Timestamp - run.Events[0].Timestamp >= TimeSpan.FromMinutes(15));
        Assert.Equal("123", run.Text);
    }

    [Fact]
    public async Task A_fake_clock_ends_an_agent_that_takes_too_long()
    {
        var time = new FakeTimeProvider();
        await using var run = await AgentHarness.StartAsync(WaitAsync, "", new() { Time = time, Configure = agent => agent.MaxDuration = TimeSpan.FromHours(1) });

        await run.AdvanceAsync(time, TimeSpan.FromMinutes(10), streamed => streamed.IsTerminal);
        await run.WaitForEndAsync();

        Assert.Equal("timeout", run.Error!.Code);
    }

    [Fact]
    public async Task A_wait_for_what_does_not_come_fails_and_its_message_shows_the_events()
    {
        await using var run = await AgentHarness.StartAsync(WaitAsync, "");
        await run.WaitForAsync(RelayEventTypes.Output);

        var end = await Assert.ThrowsAsync<TimeoutException>(() => run.WaitForEndAsync(TimeSpan.FromMilliseconds(300)));
        var file = await Assert.ThrowsAsync<TimeoutException>(() => run.WaitForAsync(RelayEventTypes.File, TimeSpan.FromMilliseconds(300)));

        Assert.Equal("The agent has not ended after 00:00:00.3000000. State: Running. Events: start, output \"working\".", end.Message);
        Assert.StartsWith("There is no file after 00:00:00.3000000.", file.Message);
    }

    [Fact]
    public async Task A_wait_ends_with_the_task_and_its_message_has_the_exception_of_the_agent()
    {
        await using var run = await AgentHarness.StartAsync((_, _) => throw new FormatException("not a city"), "");

        var ended = await Assert.ThrowsAsync<InvalidOperationException>(() => run.WaitForAsync(RelayEventTypes.Output));

        Assert.StartsWith("The task ended without the output.", ended.Message);
        Assert.Contains("FormatException: not a city", ended.Message);
    }

    [Fact]
    public async Task A_run_that_is_disposed_cancels_its_agent()
    {
        var cancelled = new TaskCompletionSource();
        var run = await AgentHarness.StartAsync(
            async (context, ct) =>
            {
                using var registered = ct.Register(cancelled.SetResult);
                await WaitAsync(context, ct);
            },
            "");
        await run.WaitForAsync(RelayEventTypes.Output);

        await run.DisposeAsync();

        Assert.True(cancelled.Task.IsCompletedSuccessfully);
        Assert.Equal("working", run.Text);
    }

    [Fact]
    public async Task A_run_that_has_ended_can_be_disposed_again_and_read_after_that()
    {
        await using var run = await AgentHarness.RunAsync((context, ct) => context.OutputAsync("done", ct).AsTask(), "");
        await run.DisposeAsync();

        Assert.Equal("done", run.Text);
    }

    [Fact]
    public async Task A_run_whose_restart_failed_can_be_disposed()
    {
        var starts = 0;
        var run = await AgentHarness.StartAsync(WaitAsync, "", new() { Configure = _ => starts = starts == 0 ? 1 : throw new FormatException() });

        await Assert.ThrowsAsync<FormatException>(run.RestartAsync);

        await run.DisposeAsync();
        await run.DisposeAsync();
    }

    private static async Task WaitAsync(AgentContext context, CancellationToken cancellationToken)
    {
        await context.OutputAsync("working", cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private static async Task ResumeAsync(AgentContext context, CancellationToken cancellationToken)
    {
        var published = await context.HistoryAsync(cancellationToken).CountAsync(entry => entry.Event.Kind == StreamEventKind.Output, cancellationToken);
        await context.OutputAsync(published == 0 ? "one" : "two", cancellationToken);
        if (context.Attempt == 1)
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private static async Task CountAsync(AgentContext context, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= 3; number++)
        {
            await Task.Delay(TimeSpan.FromMinutes(5), context.Time, cancellationToken);
            await context.OutputAsync($"{number}", cancellationToken);
        }
    }
}
