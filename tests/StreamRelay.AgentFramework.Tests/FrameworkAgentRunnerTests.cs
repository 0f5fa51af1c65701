using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Agents.AI;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.Client;
using StreamRelay.Conversations;
using StreamRelay.Tasks;
using StreamRelay.Testing;

namespace StreamRelay.AgentFramework;

/// <summary>An agent of Microsoft Agent Framework is an agent of StreamRelay.</summary>
public sealed class FrameworkAgentRunnerTests
{
    [Fact]
    public async Task Its_text_reasoning_calls_results_and_usage_are_events()
    {
        var model = new ScriptedModel(
            [new TextReasoningContent("Hm."), new FunctionCallContent("c1", "degrees", new Dictionary<string, object?> { ["city"] = "Paris" }), Tokens(1, 1)],
            [new TextContent("It is "), new TextContent("21."), Tokens(2, 3)]);

        var run = await AgentHarness.RunAsync(Runner(model, AIFunctionFactory.Create((string city) => city == "Paris" ? 21 : 0, "degrees")), "How warm is it?");

        Assert.Equal(["start", "thought", "action", "usage", "observation", "output", "output", "usage", "end"], run.Events.Select(streamed => streamed.Type));
        Assert.Equal(("degrees", false, """{"city":"Paris"}"""), (run.Events[2].ToolName, run.Events[2].IsForCaller, run.Events[2].Input?.GetRawText()));
        Assert.Equal(("c1", "21", false), (run.Events[4].ToolCallId, run.Events[4].Content, run.Events[4].IsError));
        Assert.Equal(("Hm.", "It is 21.", new TaskUsage(3, 4, Estimated: false)), (run.Thought, run.Text, run.Usage));
        Assert.All(run.Events, streamed => Assert.Equal("agent", streamed.AgentName));
    }

    [Fact]
    public async Task A_function_that_fails_is_an_error_without_its_text_and_the_agent_goes_on()
    {
        var model = new ScriptedModel([new FunctionCallContent("c1", "degrees")], [new TextContent("I cannot tell.")]);

        var run = await AgentHarness.RunAsync(Runner(model, AIFunctionFactory.Create(int () => throw new TimeoutException("secret"), "degrees")), "How warm is it?");

        var result = run.Events.Single(streamed => streamed.Type == "observation");
        Assert.True(result.IsError);
        Assert.DoesNotContain("secret", result.Json.GetRawText(), StringComparison.Ordinal);
        Assert.Equal((TaskState.Completed, "I cannot tell."), (run.State, run.Text));
    }

    [Fact]
    public async Task It_gets_the_whole_conversation_and_the_options_and_a_call_of_a_tool_of_the_caller_is_left_to_the_caller()
    {
        var model = new ScriptedModel([new FunctionCallContent("c1", "look", new Dictionary<string, object?> { ["at"] = "sky" })]);

        var run = await AgentHarness.RunAsync(Runner(model), "And there?", new()
        {
            Conversation = [new("user", [new TextPart("Here?")]), new("assistant", [new TextPart("Sunny.")])],
            Options = new JsonObject { ["temperature"] = 0.5, ["instructions"] = "Be brief." },
            Tools = [AIFunctionFactory.CreateDeclaration("look", null, JsonElement.Parse("""{"type":"object"}"""))],
        });

        var (messages, options) = Assert.Single(model.Requests);
        Assert.Equal(["Here?", "Sunny.", "And there?"], messages.Select(message => message.Text));
        Assert.Equal((0.5f, "look"), (options?.Temperature, options?.Tools?.Single().Name));
        Assert.Contains("Be brief.", options?.Instructions);
        Assert.Equal("tool_calls", run.FinishReason);
        Assert.True(run.Events.Single(streamed => streamed.Type == "action").IsForCaller);
    }

    [Fact]
    public async Task Each_task_has_a_session_of_its_own()
    {
        var model = new ScriptedModel([new TextContent("one")], [new TextContent("two")]);
        var runner = Runner(model);

        await AgentHarness.RunAsync(runner, "first");
        await AgentHarness.RunAsync(runner, "second");

        Assert.Equal("second", Assert.Single(model.Requests[1].Messages).Text);
    }

    [Fact]
    public async Task What_another_agent_of_a_workflow_answers_has_the_name_of_that_agent()
    {
        var run = await AgentHarness.RunAsync(new FrameworkAgentRunner(new Crew()), "go");

        Assert.Equal([("writer", "Draft."), ("agent", "Done.")], run.Events.Where(streamed => streamed.Type == "output").Select(streamed => (streamed.AgentName, streamed.Content)));
    }

    [Fact]
    public async Task An_agent_that_takes_no_options_refuses_them_by_name_and_gets_instructions_as_a_message()
    {
        var crew = new FrameworkAgentRunner(new Crew());
        var report = await crew.CheckAsync(new("\"go\""u8.ToArray(), """{"temperature":0.5,"instructions":"Be brief."}"""u8.ToArray()), CancellationToken.None);
        var run = await AgentHarness.RunAsync(crew, "repeat", new() { Options = new JsonObject { ["instructions"] = "Be brief." } });

        Assert.Equal(["temperature"], report.Dropped);
        Assert.Contains("Be brief.", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_reported_without_its_text()
    {
        var run = await AgentHarness.RunAsync(Runner(new ScriptedModel()), "hi");

        Assert.Equal(("model_failed", "The model failed to answer."), (run.Error?.Code, run.Error?.Message));
    }

    [Fact]
    public async Task It_is_added_to_an_application_by_one_line()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var folder = Directory.CreateTempSubdirectory("streamrelay-");
        (builder.Configuration["Urls"], builder.Configuration["StreamRelay:DataPath"]) = ("http://127.0.0.1:0", folder.FullName);
        builder.Services.AddStreamRelay(builder.Configuration).AddFrameworkAgent("weather", new ChatClientAgent(new ScriptedModel([new TextContent("Sunny.")])));
        await using (var app = builder.Build())
        {
            app.MapStreamRelay();
            await app.StartAsync();
            using var client = new StreamRelayClient(new Uri(app.Urls.First()));

            var task = await client.StartAsync("weather", "Paris");

            Assert.Contains(await client.ReadAsync(task.Id).ToListAsync(), streamed => streamed is { Type: "output", Content: "Sunny." });
        }

        folder.Delete(recursive: true);
    }

    private static FrameworkAgentRunner Runner(IChatClient model, params AITool[] tools) => new(new ChatClientAgent(model, name: "weather", tools: tools));

    private static UsageContent Tokens(long input, long output) => new(new() { InputTokenCount = input, OutputTokenCount = output });

    /// <summary>An agent without a chat client, whose answer has two authors.</summary>
    private sealed class Crew : AIAgent
    {
        public override string Name => "crew";

        protected override ValueTask<AgentSession> CreateSessionCoreAsync(CancellationToken cancellationToken = default) => new(new CrewSession());

        protected override ValueTask<JsonElement> SerializeSessionCoreAsync(AgentSession session, JsonSerializerOptions? jsonSerializerOptions = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        protected override ValueTask<AgentSession> DeserializeSessionCoreAsync(JsonElement serializedState, JsonSerializerOptions? jsonSerializerOptions = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        protected override Task<AgentResponse> RunCoreAsync(IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        protected override async IAsyncEnumerable<AgentResponseUpdate> RunCoreStreamingAsync(
            IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var all = messages.ToList();
            var isRepeat = all[^1].Text == "repeat";
            yield return await Task.FromResult(new AgentResponseUpdate(ChatRole.Assistant, isRepeat ? all[0].Text : "Draft.") { AuthorName = "writer" });
            yield return new AgentResponseUpdate(ChatRole.Assistant, "Done.") { AuthorName = "crew" };
        }
    }

    private sealed class CrewSession : AgentSession;
}
