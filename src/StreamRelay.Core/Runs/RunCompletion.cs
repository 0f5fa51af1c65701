using Microsoft.Extensions.Logging;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Completes the task of one run. When the store cannot write the end, opens the stream again until it can.</summary>
internal sealed partial class RunCompletion(TaskStream stream, RunRecord record, RunState state, bool isExternal, RunServices services)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = services.Logger;
    private readonly RunStores _stores = services.Stores;

    /// <summary>The stream that the run writes to.</summary>
    public TaskStream Stream { get; private set; } = stream;

    /// <summary>Completes the task. On return its terminal event is durable and stored in the record.</summary>
    /// <exception cref="StaleEpochException">Another attempt owns the task.</exception>
    /// <exception cref="PublishException">The server shuts down before the end could be stored: the next start ends the task.</exception>
    public async Task CompleteAsync(TaskEnding ending, TaskInput input, string? result)
    {
        // No epoch fences the log of an external agent's task: an attempt that another one replaced could still end the task.
        var known = record.Current;
        if (isExternal && (await _stores.Tasks.FindAsync(known.Id, CancellationToken.None))?.Epoch != known.Epoch)
            throw new StaleEpochException(known.Id, known.Epoch);

        await AppendEndAsync(ending, input);
        known = record.Current;
        record.Set(await services.Completion.StoreEndAsync(known, Stream.Summarize(), result) ?? throw new StaleEpochException(known.Id, known.Epoch));
    }

    private async Task AppendEndAsync(TaskEnding ending, TaskInput input)
    {
        while (true)
        {
            try
            {
                await services.Completion.AppendEndAsync(Stream, input, ending);
                return;
            }
            catch (PublishException exception) when (exception.Failure == PublishFailure.Storage)
            {
                EndNotStored(Stream.Id, exception);
                ending = TaskEnding.NotStored;
                await ReopenAsync();
            }
        }
    }

    /// <summary>Opens the stream under the next epoch, as soon as the store can be written.</summary>
    private async Task ReopenAsync()
    {
        _stores.Streams.Release(Stream);
        var epoch = record.Current.Epoch + 1;
        var shutdown = state.WhenShuttingDownAsync();
        for (var pause = FirstRetry; ; pause = pause * 2 < LongestRetry ? pause * 2 : LongestRetry)
        {
            if (await Task.WhenAny(Task.Delay(pause, _stores.Time, CancellationToken.None), shutdown) == shutdown)
                throw new PublishException(PublishFailure.Storage, Stream.Id);

            try
            {
                await record.UpdateAsync(current => current.Epoch < epoch ? current with { Epoch = epoch } : null);
                Stream = await _stores.Streams.ContinueAsync(Stream.Id, epoch, LogSummary.Empty, isExternal, CancellationToken.None);
                return;
            }
            catch (IOException exception)
            {
                EndNotStored(Stream.Id, exception);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The end of task {TaskId} could not be stored; trying again")]
    private partial void EndNotStored(TaskId taskId, Exception exception);
}
