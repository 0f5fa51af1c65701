using StreamRelay.Agents;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>How a task is to end. The terminal event is made of it.</summary>
internal readonly record struct TaskEnding(TaskState State, string FinishReason, TaskError? Error)
{
    public static TaskEnding Stopped { get; } = new(TaskState.Stopped, "stop", null);

    public static TaskEnding OutputLimit { get; } = Failed("output_limit", "The task has reached the maximum size of a task.");

    public static TaskEnding NotStored { get; } = Failed("storage_unavailable", "The output of the agent could not be stored.");

    /// <summary>Fields of the terminal event beside its own: a UTF-8 JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Fields { get; init; }

    public static TaskEnding Completed(string finishReason) => new(TaskState.Completed, finishReason, null);

    public static TaskEnding Failed(string code, string message) => new(TaskState.Failed, "", new(code, message));

    /// <summary>The ending of a run that was interrupted, and whose task ends with it.</summary>
    public static TaskEnding Interrupted(RunInterruption reason, AgentOptions options) => reason switch
    {
        RunInterruption.Stop => Stopped,
        RunInterruption.Timeout => Failed("timeout", $"The agent ran longer than {options.MaxDuration}."),
        RunInterruption.OutputLimit => OutputLimit,
        _ => NotStored,
    };

    public StreamEvent ToEvent() => Error is null ? TaskEvents.End(State, FinishReason, Fields) : TaskEvents.Error(Error, Fields);
}
