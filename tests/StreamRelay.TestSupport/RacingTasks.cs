using System.Reflection;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.TestSupport;

/// <summary>A store in memory whose records another node deletes at the same time: each record to delete is already deleted.</summary>
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
