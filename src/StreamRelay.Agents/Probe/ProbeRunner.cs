using System.Text;
using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Probe;

/// <summary>An agent for tests, benchmarks and health checks. It publishes the events that the request asks for, with the delay that the request gives.</summary>
public sealed class ProbeRunner : IAgentRunner, IInputCheck
{
    private const int PromptTokens = 7;
    private const string CallId = "call_1";
    private const string Tool = "get_weather";
    private const string Arguments = "{\"city\":\"Paris\"}";

    /// <inheritdoc/>
    public ValueTask<InputReport> CheckAsync(TaskInput input, CancellationToken cancellationToken) => new(InputReport.RequireUserText(input));

    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var command = ProbeCommand.Parse(context.Input.LastUserText());
        var published = new Counter();
        try
        {
            await ExecuteAsync(command, context, published, cancellationToken);
        }
        finally
        {
            await context.UsageAsync(new(PromptTokens, published.Pieces, false), CancellationToken.None);
        }
    }

    private static async Task ExecuteAsync(ProbeCommand command, AgentContext context, Counter published, CancellationToken cancellationToken)
    {
        switch (command.Verb)
        {
            case "reason":
                await CountAsync(StreamEventKind.Thought, command, context, published, cancellationToken);
                await context.OutputAsync("done", cancellationToken);
                break;
            case "call":
                await CallAsync(command, context, published, cancellationToken);
                break;
            case "tool":
                await UseToolAsync(context, cancellationToken);
                await CountAsync(StreamEventKind.Output, command, context, published, cancellationToken);
                break;
            default:
                await CountAsync(StreamEventKind.Output, command, context, published, cancellationToken);
                break;
        }

        if (command.Verb == "fail")
            throw new AgentException("probe_failed", "The probe was asked to fail.");
    }

    private static async Task CountAsync(StreamEventKind kind, ProbeCommand command, AgentContext context, Counter published, CancellationToken cancellationToken)
    {
        for (var index = 1; index <= command.Count; index++)
        {
            await PauseAsync(command, context, cancellationToken);
            await context.PublishAsync(new(kind, Encoding.UTF8.GetBytes($"t{index} ")), cancellationToken);
            published.Pieces++;
        }
    }

    private static async Task UseToolAsync(AgentContext context, CancellationToken cancellationToken)
    {
        await context.PublishAsync(AgentEvents.ActionStart(CallId, Tool, "agent"), cancellationToken);
        await context.PublishAsync(AgentEvents.ActionDelta(CallId, Tool, "agent", Arguments), cancellationToken);
        await context.PublishAsync(AgentEvents.Action(CallId, Tool, "agent", JsonElement.Parse(Arguments)), cancellationToken);
        await context.PublishAsync(AgentEvents.Observation(CallId, JsonElement.Parse("{\"c\":21}"), "21 degrees"), cancellationToken);
    }

    private static async Task CallAsync(ProbeCommand command, AgentContext context, Counter published, CancellationToken cancellationToken)
    {
        await context.PublishAsync(AgentEvents.ActionStart(CallId, Tool, "caller"), cancellationToken);
        foreach (var piece in Pieces(command.Count))
        {
            await PauseAsync(command, context, cancellationToken);
            await context.PublishAsync(AgentEvents.ActionDelta(CallId, Tool, "caller", piece), cancellationToken);
            published.Pieces++;
        }

        await context.PublishAsync(AgentEvents.Action(CallId, Tool, "caller", JsonElement.Parse(Arguments)), cancellationToken);
        context.FinishReason = "tool_calls";
    }

    /// <summary>Splits the arguments into <paramref name="count"/> pieces; spaces before the last brace lengthen arguments that are too short.</summary>
    private static IEnumerable<string> Pieces(int count)
    {
        var text = Arguments.Insert(Arguments.Length - 1, new string(' ', Math.Max(0, count - Arguments.Length)));
        for (var index = 0; index < count; index++)
            yield return text[(int)((long)text.Length * index / count)..(int)((long)text.Length * (index + 1) / count)];
    }

    private static Task PauseAsync(ProbeCommand command, AgentContext context, CancellationToken cancellationToken) =>
        command.Delay > TimeSpan.Zero ? Task.Delay(command.Delay, context.Time, cancellationToken) : Task.CompletedTask;

    private sealed class Counter
    {
        public long Pieces { get; set; }
    }
}
