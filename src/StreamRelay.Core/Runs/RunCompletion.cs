using Microsoft.Extensions.Logging;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Completes the task of one run. When the store cannot write the end, opens the stream again until it can.</summary>
internal sealed partial class RunCompletion(TaskStream stream, RunRecord record, RunState state, bool isExternal, RunServices services)
{
    private readonly ILogger _logger = services.Logger;
    private readonly RunStores _stores = services.Stores;
    private readonly StoreRetry _endless = new(services.Stores.Time, Timeout.InfiniteTimeSpan);
    private bool _isClosed;

    /// <summary>The stream that the run writes to.</summary>
    public TaskStream Stream { get; private set; } = stream;

    /// <summary>Completes the task. On return its terminal event is durable and stored in the record.</summary>
    /// <exception cref="StaleEpochException">Another attempt owns the task.</exception>
    /// <exception cref="IOException">The terminal event is durable, but the record could not be stored: the sweep stores it.</exception>
    /// <exception cref="PublishException">The server shuts down before the end could be stored: the next start ends the task.</exception>
    public async Task CompleteAsync(TaskEnding ending, TaskInput input, string? result)
    {
        // No epoch fences the log of an external agent's task: an attempt that another one replaced could still end the task.
        var known = record.Current;
        if (isExternal && (await RetryAsync(() => _stores.Tasks.FindAsync(known.Id, CancellationToken.None)))?.Epoch != known.Epoch)
            throw new StaleEpochException(known.Id, known.Epoch);

        await AppendEndAsync(ending, input);
        known = record.Current;
        record.Set(await RetryAsync(() => services.Completion.StoreEndAsync(known, Stream.Summarize(), result)) ?? throw new StaleEpochException(known.Id, known.Epoch));
    }

    private async Task AppendEndAsync(TaskEnding ending, TaskInput input)
    {
        await _endless.RunAsync(AppendAsync, state.WhenShuttingDownAsync);

        async ValueTask<TaskEnding> AppendAsync()
        {
            try
            {
                if (_isClosed)
                    await ReopenAsync();

                await services.Completion.AppendEndAsync(Stream, input, ending);
                return ending;
            }
            catch (Exception exception) when (exception is IOException or PublishException { Failure: PublishFailure.Storage })
            {
                EndNotStored(Stream.Id, exception);
                ending = TaskEnding.NotStored;
                Close();
                throw;
            }
        }
    }

    private void Close()
    {
        _stores.Streams.Release(Stream);
        _isClosed = true;
    }

    /// <summary>Opens the stream under the next epoch, so that nothing of the failed one is written any more.</summary>
    private async ValueTask ReopenAsync()
    {
        var reopened = await record.UpdateOnceAsync(current => current with { Epoch = current.Epoch + 1 });
        Stream = await services.Opener.OpenAsync(reopened, LogSummary.Empty, isExternal);
        _isClosed = false;
    }

    private ValueTask<T> RetryAsync<T>(Func<ValueTask<T>> call) => services.Retry.RunAsync(call, state.WhenShuttingDownAsync);

    [LoggerMessage(1, LogLevel.Error, "The end of task {TaskId} could not be stored; trying again")]
    private partial void EndNotStored(TaskId taskId, Exception exception);
}
