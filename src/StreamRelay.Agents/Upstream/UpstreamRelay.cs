using System.Text.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream;

/// <summary>Turns the chunks of an answer into events.</summary>
internal sealed class UpstreamRelay(AgentContext context)
{
    private readonly SortedDictionary<int, UpstreamToolCall> _calls = [];
    private TaskUsage? _usage;

    /// <summary>Whether the answer said why it ends: one that breaks off does not.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Relays one chunk.</summary>
    /// <exception cref="AgentException">It is an error.</exception>
    /// <exception cref="InvalidOperationException">It is not of the form that chunks have.</exception>
    public async ValueTask AddAsync(JsonElement chunk, CancellationToken cancellationToken)
    {
        if (UpstreamError.Read(chunk) is { } error)
            throw new AgentException(error.Code is { Length: > 0 } code ? code : "upstream_failed", error.Message);

        // Not every server counts both.
        if (chunk.TryGetProperty("usage", out var usage) && Count(usage, "prompt_tokens") is { } asked && Count(usage, "completion_tokens") is { } answered)
            _usage = new(asked, answered, false);
        if (!chunk.TryGetProperty("choices", out var choices) || choices.GetArrayLength() == 0)
            return;

        var choice = choices[0];
        if (choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object)
            await SpeakAsync(delta, cancellationToken);
        if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String)
            Finish(reason.GetString()!);
    }

    /// <summary>Completes the tool calls, and reports the usage.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        foreach (var call in _calls.Values)
            await call.CompleteAsync(context, cancellationToken);
    }

    /// <summary>Reports the usage, if the server has told it.</summary>
    public ValueTask ReportAsync() => _usage is null ? ValueTask.CompletedTask : context.UsageAsync(_usage, CancellationToken.None);

    private async ValueTask SpeakAsync(JsonElement delta, CancellationToken cancellationToken)
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
