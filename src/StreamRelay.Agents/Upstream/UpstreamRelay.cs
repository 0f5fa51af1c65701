using System.Text.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream;

/// <summary>Publishes the chunks of an answer as events.</summary>
internal sealed class UpstreamRelay(AgentContext context)
{
    private readonly SortedDictionary<int, UpstreamToolCall> _calls = [];
    private TaskUsage? _usage;

    /// <summary>Whether the answer gave its finish reason. An interrupted answer has none.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Publishes the content of one chunk.</summary>
    /// <exception cref="AgentException">The chunk is an error.</exception>
    /// <exception cref="InvalidOperationException">The chunk does not have the form of a chunk.</exception>
    public async ValueTask AddAsync(JsonElement chunk, CancellationToken cancellationToken)
    {
        if (UpstreamError.Read(chunk) is { } error)
            throw new AgentException(error.Code is { Length: > 0 } code ? code : "upstream_failed", error.Message);

        // Some servers report only one of the two counts.
        if (chunk.TryGetProperty("usage", out var usage) && Count(usage, "prompt_tokens") is { } promptTokens && Count(usage, "completion_tokens") is { } completionTokens)
            _usage = new(promptTokens, completionTokens, false);
        if (!chunk.TryGetProperty("choices", out var choices) || choices.GetArrayLength() == 0)
            return;

        var choice = choices[0];
        if (choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object)
            await PublishAsync(delta, cancellationToken);
        if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String)
            Finish(reason.GetString()!);
    }

    /// <summary>Publishes the complete tool calls.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        foreach (var call in _calls.Values)
            await call.CompleteAsync(context, cancellationToken);
    }

    /// <summary>Reports the usage, if the server reported it.</summary>
    public ValueTask ReportAsync() => _usage is null ? ValueTask.CompletedTask : context.UsageAsync(_usage, CancellationToken.None);

    private async ValueTask PublishAsync(JsonElement delta, CancellationToken cancellationToken)
    {
        if ((Text(delta, "reasoning_content") ?? Text(delta, "reasoning")) is { } thought)
            await context.ThoughtAsync(thought, cancellationToken);
        if (Text(delta, "content") is { } text)
            await context.OutputAsync(text, cancellationToken);
        if (Text(delta, "refusal") is { } refusal)
            await context.OutputAsync(refusal, cancellationToken);
        if (!delta.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array)
            return;

        foreach (var call in calls.EnumerateArray())
        {
            var index = call.TryGetProperty("index", out var given) ? given.GetInt32() : 0;
            if (!_calls.TryGetValue(index, out var known))
                _calls.Add(index, known = new());

            await known.AddAsync(call, context, cancellationToken);
        }
    }

    private void Finish(string reason)
    {
        IsFinished = true;
        context.FinishReason = reason switch
        {
            "length" or "content_filter" => reason,
            "tool_calls" or "function_call" => "tool_calls",
            _ => "stop",
        };
    }

    private static string? Text(JsonElement delta, string name) =>
        delta.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && UpstreamText.Read(value) is { Length: > 0 } text ? text : null;

    private static long? Count(JsonElement usage, string name) =>
        usage.ValueKind == JsonValueKind.Object && usage.TryGetProperty(name, out var count) && count.ValueKind == JsonValueKind.Number ? count.GetInt64() : null;
}
