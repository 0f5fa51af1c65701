using System.Reflection;
using StreamRelay.Outbox;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>An outbox that does something before each end of a task is stored.</summary>
public class OutboxProxy : DispatchProxy
{
    private IOutbox _inner = null!;
    private Func<Task> _before = null!;

    /// <summary>Wraps an outbox.</summary>
    /// <param name="inner">The outbox.</param>
    /// <param name="before">Called before each end of a task; an exception is thrown instead.</param>
    public static IOutbox Create(IOutbox inner, Func<Task> before)
    {
        var outbox = Create<IOutbox, OutboxProxy>();
        ((OutboxProxy)outbox)._inner = inner;
        ((OutboxProxy)outbox)._before = before;
        return outbox;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        return targetMethod.Name == nameof(IOutbox.TryEndAsync)
            ? new ValueTask<bool>(EndAsync(targetMethod, args))
            : targetMethod.Invoke(_inner, args);
    }

    private async Task<bool> EndAsync(MethodInfo method, object?[]? args)
    {
        await _before();
        return await (ValueTask<bool>)method.Invoke(_inner, args)!;
    }
}
