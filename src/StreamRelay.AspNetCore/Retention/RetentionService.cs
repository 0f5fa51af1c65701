using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Storage;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Retention;

/// <summary>Deletes, every minute, ended tasks that are older than the configured age, and the oldest ones while all together exceed the configured size.</summary>
internal sealed partial class RetentionService(
    StreamManager streams, IOptions<StorageOptions> options, TimeProvider time, ILogger<RetentionService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await CleanUpAsync(stoppingToken);
    }

    private async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            var deleted = await streams.CleanUpAsync(options.Value.RetentionAge, null, cancellationToken);
            if (options.Value.RetentionBytes > 0)
                deleted += await streams.TrimAsync(options.Value.RetentionBytes, cancellationToken);
            if (deleted > 0)
                TasksDeleted(deleted);
        }
        catch (IOException exception)
        {
            CleanUpFailed(exception);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Retention deleted {Count} tasks")]
    private partial void TasksDeleted(int count);

    [LoggerMessage(2, LogLevel.Error, "Retention could not delete a task; the next attempt follows in a minute")]
    private partial void CleanUpFailed(Exception exception);
}
