using StreamRelay.Testing.Streams;

namespace StreamRelay.Testing.Upstreams;

/// <summary>How some server answers, and what a client of any protocol must read from that.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Answer">The answer.</param>
public sealed record Dialect(string Name, ScriptedAnswer Answer)
{
    public string Text { get; init; } = "";

    public string Thoughts { get; init; } = "";

    /// <summary>The calls. An id that is empty is made up by the relay.</summary>
    public IReadOnlyList<ReceivedToolCall> Calls { get; init; } = [];

    /// <summary>The usage, or <see langword="null"/> when the relay has to estimate it.</summary>
    public (long Prompt, long Completion)? Usage { get; init; }

    /// <summary>The finish reason, as events name it.</summary>
    public string FinishReason { get; init; } = "stop";

    /// <summary>The code and the message of the task's error; <see langword="null"/> when the task completes.</summary>
    public (string Code, string Message)? Error { get; init; }

    public override string ToString() => Name;
}
