using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>The stores that runs read and write, and the clock they use.</summary>
/// <param name="Streams">The streams of this process.</param>
/// <param name="Tasks">The task records.</param>
/// <param name="Files">The files of tasks.</param>
/// <param name="Log">The logs of tasks.</param>
/// <param name="Time">The clock.</param>
public sealed record RunStores(StreamManager Streams, ITaskStore Tasks, IFileStore Files, IEventLog Log, TimeProvider Time)
{
    /// <summary>Deletes the events and files of a task whose record is deleted. What is gone already changes nothing.</summary>
    /// <exception cref="IOException">A store could not write.</exception>
    internal async ValueTask DeleteContentAsync(TaskId task)
    {
        await Log.DeleteAsync(task, CancellationToken.None);
        await Files.DeleteAsync(task, CancellationToken.None);
    }
}
