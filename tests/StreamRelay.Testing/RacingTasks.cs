using System.Reflection;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.Testing;

/// <summary>Records in memory that another node cleans up at the same time: whatever is to be deleted first is gone already.</summary>
public class RacingTasks : DispatchProxy
{
    private readonly MemoryTaskStore _tasks = new();
    private int _deletions;

    /// <summary>Makes one.</summary>
    public static ITaskStore Create() => Create<ITaskStore, RacingTasks>();

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (targetMethod.Name == nameof(ITaskStore.DeleteAsync) && Interlocked.Increment(ref _deletions) == 1)
            targetMethod.Invoke(_tasks, args);

        return targetMethod.Invoke(_tasks, args);
    }
}
