using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>Creates the JSON view of a task with its last sequence number and its readers on all nodes.</summary>
internal sealed class TaskViewer(LogHeads heads, StreamReaders readers)
{
    public async ValueTask<TaskView> ViewAsync(TaskRecord task, CancellationToken cancellationToken) =>
        TaskViews.View(task, await heads.GetAsync(task, cancellationToken), await readers.CountAllAsync(task.Id, cancellationToken));
}
