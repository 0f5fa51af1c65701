using StreamRelay.Tasks;

namespace StreamRelay.Storage.Fixtures;

/// <summary>Short ways to make and store tasks.</summary>
internal static class SampleTasks
{
    public static readonly TaskInput Input = new("\"topic\""u8.ToArray());

    public static TaskRecord New(string owner = "me", string? session = null, string? key = null) => new()
    {
        Request = new() { Id = SampleEntries.NewTask(), Agent = "probe", Owner = owner, CreatedAt = SampleEntries.Start, SessionId = session, IdempotencyKey = key },
    };

    public static async Task<TaskRecord> AddNewAsync(this ITaskStore tasks, string owner = "me", string? session = null, string? key = null)
    {
        var record = New(owner, session, key);
        Assert.Null(await tasks.AddAsync(record, Input, CancellationToken.None));
        return record;
    }

    /// <summary>Adds ended tasks, many at once as a busy server does.</summary>
    public static async Task<TaskId[]> AddEndedAsync(this ITaskStore tasks, int count)
    {
        var ids = new TaskId[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (index, _) =>
        {
            var record = New(session: $"session {index % 100}") with { State = TaskState.Completed, EndedAt = SampleEntries.Start.AddMilliseconds(index) };
            ids[index] = record.Id;
            await tasks.AddAsync(record, Input, CancellationToken.None);
        });
        return ids;
    }
}
