using System.Reflection;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.TestSupport;

/// <summary>A store in memory that refuses changes, or finds no record, while it fails, as an unavailable database does.</summary>
public class FailingTasks : DispatchProxy
{
    private readonly MemoryTaskStore _tasks = new();
    private bool _fails;
    private bool _findFails;

    /// <summary>A store that works.</summary>
    public static ITaskStore Create(out FailingTasks control)
    {
        var store = Create<ITaskStore, FailingTasks>();
        control = (FailingTasks)store;
        return store;
    }

    /// <summary>Sets whether changes fail.</summary>
    public void Fail(bool fails) => Volatile.Write(ref _fails, fails);

    /// <summary>Sets whether a record can be found.</summary>
    public void FailFind(bool fails) => Volatile.Write(ref _findFails, fails);

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        return Fails(targetMethod.Name) ? throw new IOException("The database is away.") : targetMethod.Invoke(_tasks, args);
    }

    private bool Fails(string method) => method switch
    {
        nameof(ITaskStore.TryUpdateAsync) => Volatile.Read(ref _fails),
        nameof(ITaskStore.FindAsync) => Volatile.Read(ref _findFails),
        _ => false,
    };
}
