using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Client.Events;
using StreamRelay.Conversations;
using StreamRelay.Files;
using StreamRelay.Tasks;

namespace StreamRelay.Testing;

/// <summary>A test of an agent reads what a client would read.</summary>
public sealed class AgentHarnessTests
{
    [Fact]
    public async Task A_delegate_runs_to_its_end_and_its_events_can_be_compared()
    {
        var run = await AgentHarness.RunAsync((context, ct) => context.OutputAsync($"Hello, {context.Input.LastUserText()}!", ct).AsTask(), "Ada");

        Assert.Equal(["start", "output", "usage", "end"], run.Events.Select(streamed => streamed.Type));
        Assert.Equal([1, 2, 3, 4], run.Events.Select(streamed => streamed.Sequence));
        Assert.Equal(("Hello, Ada!", TaskState.Completed, "stop"), (run.Text, run.State, run.FinishReason));
        Assert.Null(run.Exception);
    }

    [Fact]
    public async Task A_runner_publishes_reasoning_tools_files_usage_and_a_result()
    {
        var run = await AgentHarness.RunAsync(new Reporter(), "Paris");

        Assert.Equal("Think.", run.Thought);
        Assert.Equal("Paris", run.Events.Single(streamed => streamed.Type == RelayEventTypes.Action).Input!.Value.GetProperty("city").GetString());
        Assert.Equal(21, run.Events.Single(streamed => streamed.Type == RelayEventTypes.Observation).Output!.Value.GetInt32());
        Assert.Equal(["report.md"], run.Files.Select(file => file.Name));
        Assert.Equal("# Paris", Encoding.UTF8.GetString(await run.ReadFileAsync("report.md")));
        Assert.Equal(new TaskUsage(7, 3, Estimated: false), run.Usage);
        Assert.Equal("done", run.Result?.GetString());
        Assert.Contains("report.md", (await Assert.ThrowsAsync<FileNotFoundException>(() => run.ReadFileAsync("other.md"))).Message);
    }

    [Fact]
    public async Task A_runner_is_created_with_services_and_what_it_logs_is_an_event()
    {
        var run = await AgentHarness.RunAsync<Teller>("", new() { Services = services => services.AddSingleton(new Story("Once")) });

        Assert.Equal("Once", run.Text);
        Assert.Equal("Telling a story", run.Events.Single(streamed => streamed.Type == RelayEventTypes.Log).Content);
        Assert.True(Teller.Last!.IsDisposed);
    }

    [Fact]
    public async Task The_conversation_the_options_the_tools_and_the_metadata_reach_the_agent()
    {
        TaskInput? input = null;
        string? metadata = null;
        await AgentHarness.RunAsync(
            (context, _) =>
            {
                (input, metadata) = (context.Input, Encoding.UTF8.GetString(context.Request.Metadata.Span));
                return Task.CompletedTask;
            },
            "And now?",
            new()
            {
                Conversation = [new("system", [new TextPart("Be brief.")]), new("user", [new TextPart("Hi")])],
                Options = new JsonObject { ["temperature"] = 0.5 },
                Tools = [AIFunctionFactory.Create((string city) => city, "look_up", "Looks it up")],
                Metadata = new JsonObject { ["tenant"] = "Ærø" },
            });

        Assert.Equal("""[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},{"role":"user","content":"And now?"}]""", Encoding.UTF8.GetString(input!.Content.Span));
        var options = JsonNode.Parse(input.Options.Span)!;
        Assert.Equal(0.5, options["temperature"]!.GetValue<double>());
        Assert.Equal("look_up", options["tools"]![0]!["function"]!["name"]!.GetValue<string>());
        Assert.NotNull(options["tools"]![0]!["function"]!["parameters"]!["properties"]!["city"]);
        Assert.Equal("""{"tenant":"Ærø"}""", metadata);
    }

    [Fact]
    public async Task A_failure_has_its_code_for_readers_and_its_exception_for_the_test()
    {
        var known = await AgentHarness.RunAsync((_, _) => throw new AgentException("no_city", "Name a city."), "");
        var unknown = await AgentHarness.RunAsync((_, _) => throw new FormatException("secret"), "");

        Assert.Equal((TaskState.Failed, new TaskError("no_city", "Name a city."), "error"), (known.State, known.Error, known.Events[^1].Type));
        Assert.Equal("agent_failed", unknown.Error!.Code);
        Assert.Equal("secret", Assert.IsType<FormatException>(unknown.Exception).Message);
        Assert.Null(unknown.FinishReason);
    }

    [Fact]
    public async Task An_input_that_the_agent_refuses_starts_no_task()
    {
        var refused = await Assert.ThrowsAsync<AgentException>(() => AgentHarness.RunAsync<Picky>(" "));

        Assert.Equal("no_user_message", refused.Code);
    }

    [Fact]
    public async Task Limits_are_those_of_a_server()
    {
        var run = await AgentHarness.RunAsync(new Reporter(), "Paris", new() { Services = services => services.Configure<FileQuotaOptions>(quota => quota.MaxFileBytes = 3) });

        Assert.Equal("file_limit", run.Error!.Code);
        Assert.Empty(run.Files);
    }

    private sealed class Reporter : IAgentRunner
    {
        public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
        {
            var city = context.Input.LastUserText()!;
            await context.ThoughtAsync("Think.", cancellationToken);
            await context.ToolAsync("get_degrees", new { city }, _ => Task.FromResult(21), cancellationToken);
            await context.SaveFileAsync("report.md", "text/markdown", new MemoryStream(Encoding.UTF8.GetBytes($"# {city}")), cancellationToken);
            await context.UsageAsync(new(7, 3, Estimated: false), cancellationToken);
            context.SetResult("done");
        }
    }

    private sealed record Story(string Text);

    private sealed class Teller : IAgentRunner, IDisposable
    {
        private readonly Story _story;
        private readonly ILogger _logger;

        public Teller(Story story, ILoggerFactory loggers) => (_story, _logger, Last) = (story, loggers.CreateLogger("Tales"), this);

        public static Teller? Last { get; private set; }

        public bool IsDisposed { get; private set; }

        public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
        {
            _logger.LogInformation("Telling a story");
            await context.OutputAsync(_story.Text, cancellationToken);
        }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class Picky : IAgentRunner, IInputCheck
    {
        public ValueTask<InputReport> CheckAsync(TaskInput input, CancellationToken cancellationToken) => new(InputReport.RequireUserText(input));

        public Task RunAsync(AgentContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
