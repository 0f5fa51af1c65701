using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>How a task ends: the terminal event, before it is one.</summary>
internal readonly record struct TaskEnding(TaskState State, string FinishReason, TaskError? Error)
{
    public static TaskEnding Stopped { get; } = new(TaskState.Stopped, "stop", null);

    public static TaskEnding Completed(string finishReason) => new(TaskState.Completed, finishReason, null);

    public static TaskEnding Failed(string code, string message) => new(TaskState.Failed, "", new(code, message));

    /// <summary>What the terminal event carries beside its own fields.</summary>
    public ReadOnlyMemory<byte> Fields { get; init; }

    public StreamEvent ToEvent() => Error is null ? AgentEvents.End(State, FinishReason, Fields) : AgentEvents.Error(Error, Fields);
}
