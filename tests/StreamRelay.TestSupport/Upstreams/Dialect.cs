using StreamRelay.TestSupport.Streams;

namespace StreamRelay.TestSupport.Upstreams;

/// <summary>How some server answers, and what a client of any protocol must read from that.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Answer">The answer.</param>
public sealed record Dialect(string Name, ScriptedAnswer Answer)
{
    /// <summary>The API in which the upstream answers.</summary>
    public UpstreamWire Wire { get; init; }

    public string Text { get; init; } = "";

    public string Thoughts { get; init; } = "";

    /// <summary>The calls. An id that is empty is made up by the relay.</summary>
    public IReadOnlyList<ReceivedToolCall> Calls { get; init; } = [];

    /// <summary>What the model wrote to refuse.</summary>
    public string Refusal { get; init; } = "";

    /// <summary>The addresses that the answer cites.</summary>
    public IReadOnlyList<string> Citations { get; init; } = [];

    /// <summary>The tokens that have a probability, joined.</summary>
    public string Tokens { get; init; } = "";

    /// <summary>What the upstream sent beside its answer, as JSON.</summary>
    public string Data { get; init; } = "";

    /// <summary>The field <c>reasoning_details</c>, as JSON.</summary>
    public string ReasoningDetails { get; init; } = "";

    /// <summary>Tokens from a cache and tokens of the reasoning, where they are known.</summary>
    public (long? Cached, long? Reasoning) UsageDetails { get; init; }

    /// <summary>The usage, or <see langword="null"/> when the relay has to estimate it.</summary>
    public (long Prompt, long Completion)? Usage { get; init; }

    /// <summary>The finish reason, as events name it.</summary>
    public string FinishReason { get; init; } = "stop";

    /// <summary>The code and the message of the task's error; <see langword="null"/> when the task completes.</summary>
    public (string Code, string Message)? Error { get; init; }

    public override string ToString() => Name;
}
