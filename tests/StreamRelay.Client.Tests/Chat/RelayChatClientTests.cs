using Microsoft.Extensions.AI;
using StreamRelay.Client.Errors;
using StreamRelay.Client.Events;
using StreamRelay.TestSupport;

namespace StreamRelay.Client.Chat;

public sealed class RelayChatClientTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    private IChatClient Probe => fixture.Client.AsChatClient("probe");

    [Fact]
    public async Task Text_usage_and_finish_reason_are_those_of_the_task()
    {
        var answer = await Probe.GetResponseAsync("count 3 0");

        Assert.Equal("t1 t2 t3 ", answer.Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.True(answer.Usage!.OutputTokenCount > 0);
        Assert.Equal("completed", (await fixture.Client.GetAsync(answer.ResponseId!)).Status);
    }

    [Fact]
    public async Task Reasoning_is_streamed_before_the_answer()
    {
        var updates = await Probe.GetStreamingResponseAsync("reason 3 0").ToListAsync();

        var contents = updates.SelectMany(update => update.Contents).ToList();
        Assert.Equal("t1 t2 t3 ", string.Concat(contents.OfType<TextReasoningContent>().Select(content => content.Text)));
        Assert.NotEmpty(contents.OfType<TextContent>());
        Assert.All(updates, update => Assert.IsType<RelayEvent>(update.RawRepresentation));
    }

    [Fact]
    public async Task A_tool_that_the_agent_ran_is_shown_with_its_result_and_not_run_again()
    {
        var runs = 0;
        var tool = AIFunctionFactory.Create((string city) => { runs++; return "?"; }, "get_weather");
        var contents = await Probe.GetStreamingResponseAsync("tool 1 0").SelectMany(update => update.Contents).ToListAsync();
        using var invoking = new FunctionInvokingChatClient(Probe);

        await invoking.GetResponseAsync("tool 1 0", new() { Tools = [tool] });

        var call = Assert.Single(contents.OfType<FunctionCallContent>());
        Assert.Equal(("get_weather", true), (call.Name, call.InformationalOnly));
        Assert.NotEmpty(call.Arguments!);
        Assert.Equal(call.CallId, Assert.Single(contents.OfType<FunctionResultContent>()).CallId);
        Assert.Equal(0, runs);
    }

    [Fact]
    public async Task A_tool_that_is_left_to_the_caller_ends_the_answer()
    {
        var answer = await Probe.GetResponseAsync("call 5 0");

        var call = Assert.Single(answer.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
        Assert.Equal(("get_weather", false), (call.Name, call.InformationalOnly));
        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
    }

    [Fact]
    public async Task An_answer_goes_on_over_cut_connections()
    {
        await using var proxy = new CuttingProxy(fixture.App.Address, bytes: 3000);
        using var client = new StreamRelayClient(proxy.Address, options: FastTime.Options);

        var answer = await client.AsChatClient("probe").GetResponseAsync("count 200 0");

        Assert.Equal(string.Concat(Enumerable.Range(1, 200).Select(number => $"t{number} ")), answer.Text);
        Assert.True(proxy.Connections > 5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leaving_an_answer_stops_its_task_only_if_asked(bool stops)
    {
        using var relay = new StreamRelayClient(fixture.App.Address);
        using var client = relay.AsChatClient("probe", stops);
        using var left = new CancellationTokenSource();
        var id = "";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync("count 100000 5", cancellationToken: left.Token))
            {
                id = update.ResponseId!;
                await left.CancelAsync();
            }
        });

        Assert.Equal(stops ? "stopped" : "running", (await fixture.Client.GetAsync(id)).Status);
        await fixture.Client.StopAsync(id);
    }

    [Fact]
    public async Task A_task_that_fails_or_has_no_agent_is_an_exception()
    {
        var failure = await Assert.ThrowsAsync<RelayTaskFailedException>(() => Probe.GetResponseAsync("fail 1 0"));
        Assert.Equal((await fixture.Client.GetAsync(failure.TaskId)).Error!.Code, failure.Code);

        await Assert.ThrowsAsync<RelayNotFoundException>(() => Probe.GetResponseAsync("count 1 0", new() { ModelId = "nobody" }));
        Assert.Same(fixture.Client, Probe.GetService<StreamRelayClient>());
    }

    [Fact]
    public async Task A_file_is_an_absolute_address()
    {
        var answer = await fixture.Client.AsChatClient("write_tutorial").GetResponseAsync("Knots");

        var file = Assert.Single(answer.Messages.SelectMany(message => message.Contents).OfType<UriContent>());
        Assert.StartsWith("# Knots", await fixture.App.Client.GetStringAsync(file.Uri));
    }
}
