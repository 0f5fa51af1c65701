using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>A page of a list of tasks: bounded in tasks and in bytes.</summary>
/// <param name="Tasks">The tasks; at least one when there is one.</param>
/// <param name="HasMore">Whether more tasks match.</param>
/// <param name="Bytes">About the bytes that they take.</param>
internal sealed record TaskPage(IReadOnlyList<TaskRecord> Tasks, bool HasMore, long Bytes)
{
    private const long MostBytes = 1 << 20;
    private const int ReadAtOnce = 32;
    private const int RecordBytes = 1 << 10;
    private const int FileBytes = 512;

    /// <summary>Reads the tasks that match, at most the limit of the query and about 1 MiB.</summary>
    public static async ValueTask<TaskPage> ReadAsync(ITaskStore store, TaskQuery query, CancellationToken cancellationToken)
    {
        List<TaskRecord> tasks = [];
        var bytes = 0L;
        while (true)
        {
            var wanted = Math.Min(ReadAtOnce, query.Limit + 1 - tasks.Count);
            var read = await store.ListAsync(query with { Before = tasks.Count > 0 ? tasks[^1].Id : query.Before, Limit = wanted }, cancellationToken);
            foreach (var task in read)
            {
                var size = Count(task);
                if (tasks.Count == query.Limit || (tasks.Count > 0 && bytes + size > MostBytes))
                    return new(tasks, true, bytes);

                tasks.Add(task);
                bytes += size;
            }

            if (read.Count < wanted)
                return new(tasks, false, bytes);
        }
    }

    private static long Count(TaskRecord task) =>
        RecordBytes + task.Request.Metadata.Length + (task.Result?.Length ?? 0) + (task.Error?.Message.Length ?? 0) + (task.Files.Count * FileBytes);
}
