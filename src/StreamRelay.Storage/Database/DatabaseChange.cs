namespace StreamRelay.Storage.Database;

/// <summary>A change with a result.</summary>
/// <param name="change">Makes the change and returns its result.</param>
/// <param name="committed">Called after the commit and before the result is returned, in the order of the changes; it must not throw.</param>
internal sealed class DatabaseChange<T>(Func<DatabaseSession, T> change, Action<T>? committed) : IDatabaseChange
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    /// <summary>The result, once the change is committed.</summary>
    public Task<T> Done => _done.Task;

    public void Run(DatabaseSession session) => _result = change(session);

    public void Complete()
    {
        committed?.Invoke(_result!);
        _done.SetResult(_result!);
    }

    public void Fail(Exception failure) => _done.SetException(failure);
}
