using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Counts the bytes that a task holds in memory from its start until its runner has returned.</summary>
internal static class TaskMemory
{
    // The record, the stream and the run.
    private const int Fixed = 4 << 10;

    /// <summary>The bytes of the input and of the client's metadata, and a fixed part.</summary>
    public static long Count(TaskRequest request, TaskInput input) =>
        Fixed + input.Content.Length + input.Options.Length + request.Metadata.Length + request.Protocol.Length;
}
