using Microsoft.Extensions.Logging;
using StreamRelay.Logs;
using StreamRelay.Runs;
using StreamRelay.Storage.Database;
using StreamRelay.Storage.Journal;

namespace StreamRelay.Storage;

/// <summary>Looks at the data folder twice a second. While it is gone or was replaced, nothing is acknowledged; while it cannot be written to, the status says so.</summary>
internal sealed partial class DataFolderMonitor(
    StorageLayout layout, DataFolderLock folder, StoreDatabase database, EventJournal journal, StoreStatus status, TimeProvider time, ILogger<DataFolderMonitor> logger)
    : BackgroundLoop
{
    private const long LowSpace = 1 << 20;
    private const int ProbeBytes = 64 << 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stopping))
            Check();
    }

    private void Check()
    {
        var refusal = folder.IsHeld ? null : new StoreUnavailableException($"The data folder '{layout.Root}' is gone or was replaced: restart the server.");
        journal.Refusal = database.Refusal = refusal;
        Report(refusal is not null ? "The data folder is gone or was replaced; the server must be restarted." : FindWriteFault());
    }

    /// <summary>Tries to write when the last write failed or the disk is almost full. The failure of the last write can be over.</summary>
    private string? FindWriteFault()
    {
        try
        {
            if (journal.Failure is null && database.Failure is null && new DriveInfo(layout.Root).AvailableFreeSpace > LowSpace)
                return null;

            using var probe = new FileStream(layout.Probe, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            probe.Write(new byte[ProbeBytes]);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            WriteFailed(exception);
            return "The data folder cannot be written to, for example because the disk is full or read-only.";
        }
    }

    private void Report(string? fault)
    {
        if (fault == status.Fault)
            return;

        status.Fault = fault;
        if (fault is null)
            FolderUsable(layout.Root);
        else
            FolderUnusable(layout.Root, fault);
    }

    [LoggerMessage(1, LogLevel.Error, "{Folder} cannot be used: {Reason}")]
    private partial void FolderUnusable(string folder, string reason);

    [LoggerMessage(2, LogLevel.Information, "{Folder} can be used again")]
    private partial void FolderUsable(string folder);

    [LoggerMessage(3, LogLevel.Debug, "The data folder cannot be written to")]
    private partial void WriteFailed(Exception exception);
}
