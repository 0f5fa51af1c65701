using System.Globalization;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

/// <summary>A counter in a task's result that is incremented by compare-and-set.</summary>
internal static class PostgresCounter
{
    public static async Task IncrementAsync(ITaskStore tasks, TaskId id)
    {
        while (true)
        {
            var found = await tasks.FindAsync(id, CancellationToken.None);
            var next = int.Parse(found!.Result!, CultureInfo.InvariantCulture) + 1;
            if (await tasks.TryUpdateAsync(found with { Result = next.ToString(CultureInfo.InvariantCulture) }, CancellationToken.None))
                return;
        }
    }
}
