namespace StreamRelay.Redis.Resp;

/// <summary>A request whose sender waits. When the sender stops waiting, the replies are still taken, in order.</summary>
internal abstract class RespWaitingRequest<TResult>(RespCommand first, ReadOnlyMemory<RespCommand> others, TimeSpan block) : RespRequest(first, others, block)
{
    private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;

    public Task<TResult> Result => _result.Task;

    public sealed override bool IsOver => _result.Task.IsCompleted;

    public void CancelWith(CancellationToken cancellationToken) =>
        _cancellation = cancellationToken.UnsafeRegister(static (request, token) => ((RespWaitingRequest<TResult>)request!)._result.TrySetCanceled(token), this);

    public sealed override void Fail(Exception failure)
    {
        _cancellation.Unregister();
        _result.TrySetException(failure);
    }

    protected void Succeed(TResult result)
    {
        _cancellation.Unregister();
        _result.TrySetResult(result);
    }
}
