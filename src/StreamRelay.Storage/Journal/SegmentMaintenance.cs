using Microsoft.Extensions.Logging;

namespace StreamRelay.Storage.Journal;

/// <summary>Seals full segments, oldest first, and compacts sealed ones, in the background. What fails is tried again when the next segment is full, a log is deleted, or the store opens again.</summary>
internal sealed partial class SegmentMaintenance(SegmentSealer sealer, Compactor compactor, ILogger<SegmentMaintenance> logger)
{
    private readonly Queue<Segment> _full = [];
    private Segment? _sealed;
    private Task _pass = Task.CompletedTask;
    private int _requested;
    private volatile bool _closing;

    /// <summary>Adds a segment that is no longer written to. The next pass seals it.</summary>
    public void Add(Segment segment)
    {
        lock (_full)
            _full.Enqueue(segment);
    }

    /// <summary>Starts a pass, unless one is waiting to start.</summary>
    public void Request()
    {
        if (Interlocked.Exchange(ref _requested, 1) == 0)
            _ = RunAsync();
    }

    /// <summary>Makes a pass after an earlier one has ended.</summary>
    public Task RunAsync()
    {
        lock (_full)
            return _pass = RunAsync(_pass);
    }

    /// <summary>Stops after the segment that is being sealed, and closes the remaining segments.</summary>
    public async Task StopAsync()
    {
        _closing = true;
        await RunAsync();
        foreach (var segment in _full)
            segment.File.Dispose();
    }

    private async Task RunAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Volatile.Write(ref _requested, 0);
        try
        {
            while (!_closing && TryPeek(out var segment))
                await SealAsync(segment);

            if (!_closing)
                await compactor.RunAsync();
        }
        catch (Exception exception)
        {
            MaintenanceFailed(exception);
        }
    }

    private bool TryPeek(out Segment segment)
    {
        lock (_full)
            return _full.TryPeek(out segment!);
    }

    // A segment that was sealed and could not be removed must not be sealed again: its logs refer to the sealed segment already.
    private async Task SealAsync(Segment segment)
    {
        if (_sealed != segment)
            await sealer.SealAsync(segment);

        _sealed = segment;
        sealer.Remove(segment);
        lock (_full)
            _full.Dequeue();
    }

    [LoggerMessage(1, LogLevel.Error, "A segment of the journal could not be sealed or compacted; what it contains is kept, and this is tried again later")]
    private partial void MaintenanceFailed(Exception exception);
}
