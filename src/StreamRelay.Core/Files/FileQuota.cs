using Microsoft.Extensions.Options;
using StreamRelay.Tasks;

namespace StreamRelay.Files;

/// <summary>Decides how large the next file of a task may be. Files that are stored at the same moment can exceed an owner's limit together. Safe to use from any thread.</summary>
public sealed class FileQuota(IOptions<FileQuotaOptions> options, ITaskStore tasks, TimeProvider time)
{
    private const int PageTasks = 1000;

    // Tasks may be deleted at any time, and other nodes store files too, so that the sum becomes wrong.
    private static readonly TimeSpan SumAge = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Bytes, long At)> _sums = [];

    /// <summary>How large a file of this name may be that the task stores, or replaces.</summary>
    internal async ValueTask<FileRoom> FindRoomAsync(TaskRecord task, string name, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        var others = task.Files.Where(file => file.Name != name).ToArray();
        var taskRoom = limits.MaxTaskBytes - others.Sum(file => file.Size);
        var ownerRoom = limits.MaxOwnerBytes - await SumAsync(task.Request.Owner, limits.MaxOwnerBytes - limits.MaxFileBytes, cancellationToken);
        FileRoom[] rooms =
        [
            new(others.Length < limits.MaxTaskFiles ? long.MaxValue : -1, nameof(limits.MaxTaskFiles), limits.MaxTaskFiles),
            new(limits.MaxFileBytes, nameof(limits.MaxFileBytes), limits.MaxFileBytes),
            new(taskRoom, nameof(limits.MaxTaskBytes), limits.MaxTaskBytes),
            new(ownerRoom, nameof(limits.MaxOwnerBytes), limits.MaxOwnerBytes),
        ];
        return rooms.MinBy(room => room.Bytes);
    }

    /// <summary>Counts a file that was stored.</summary>
    internal void Add(string owner, long bytes)
    {
        lock (_lock)
        {
            if (_sums.TryGetValue(owner, out var sum))
                _sums[owner] = sum with { Bytes = sum.Bytes + bytes };
        }
    }

    /// <summary>The bytes of the owner's files. Counted anew when the last count is old, or when it comes near the limit: files may have been deleted since.</summary>
    private async ValueTask<long> SumAsync(string owner, long trusted, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_sums.TryGetValue(owner, out var sum) && sum.Bytes <= trusted && time.GetElapsedTime(sum.At) < SumAge)
                return sum.Bytes;
        }

        var bytes = 0L;
        TaskId? before = null;
        while (await tasks.ListAsync(new() { Owner = owner, Before = before, Limit = PageTasks }, cancellationToken) is { Count: > 0 } page)
        {
            bytes += page.Sum(task => task.Files.Sum(file => file.Size));
            before = page[^1].Id;
        }

        lock (_lock)
            _sums[owner] = (bytes, time.GetTimestamp());

        return bytes;
    }
}
