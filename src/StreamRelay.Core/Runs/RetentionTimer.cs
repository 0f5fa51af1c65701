using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Conversations;

namespace StreamRelay.Runs;

/// <summary>Deletes ended tasks that are older, or together larger, than the options allow, and stored conversations that were not used for as long: once a minute.</summary>
public sealed partial class RetentionTimer(
    TaskRetention retention, IOptions<RetentionOptions> options, TimeProvider time, ILogger<RetentionTimer> logger, IConversationStore? conversations = null) : BackgroundLoop
{
    private const int ConversationBatch = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stopping))
            await CleanUpAsync(stopping);
    }

    private async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            var deleted = await retention.CleanUpAsync(options.Value.Age, null, cancellationToken);
            if (options.Value.Bytes > 0)
                deleted += await retention.TrimAsync(options.Value.Bytes, cancellationToken);
            if (deleted > 0)
                TasksDeleted(deleted);
            if (conversations is not null && await DeleteUnusedAsync(conversations, cancellationToken) is > 0 and var unused)
                ConversationsDeleted(unused);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            CleanUpFailed(exception);
        }
    }

    private async ValueTask<int> DeleteUnusedAsync(IConversationStore store, CancellationToken cancellationToken)
    {
        var (before, deleted, batch) = (time.GetUtcNow() - options.Value.Age, 0, 0);
        do
        {
            batch = await store.DeleteUnusedAsync(before, ConversationBatch, cancellationToken);
            deleted += batch;
        }
        while (batch == ConversationBatch);

        return deleted;
    }

    [LoggerMessage(1, LogLevel.Information, "Retention deleted {Count} tasks")]
    private partial void TasksDeleted(int count);

    [LoggerMessage(2, LogLevel.Error, "Retention could not delete what is too old; it tries again in a minute")]
    private partial void CleanUpFailed(Exception exception);

    [LoggerMessage(3, LogLevel.Information, "Retention deleted {Count} conversations that were not used any more")]
    private partial void ConversationsDeleted(int count);
}
