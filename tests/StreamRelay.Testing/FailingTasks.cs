using System.Reflection;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.Testing;

/// <summary>A store in memory that refuses changes while it fails, as an unavailable database does.</summary>
public class FailingTasks : DispatchProxy
{
    private readonly MemoryTaskStore _tasks = new();
    private bool _fails;

    /// <summary>A store that works.</summary>
    public static ITaskStore Create(out FailingTasks control)
    {
        var store = Create<ITaskStore, FailingTasks>();
        control = (FailingTasks)store;
        return store;
    }

    /// <summary>Sets whether changes fail.</summary>
    public void Fail(bool fails) => Volatile.Write(ref _fails, fails);

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (Volatile.Read(ref _fails) && targetMethod.Name == nameof(ITaskStore.TryUpdateAsync))
            throw new IOException("The database is away.");

        return targetMethod.Invoke(_tasks, args);
    }
}
