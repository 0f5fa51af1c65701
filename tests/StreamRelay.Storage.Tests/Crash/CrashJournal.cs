using Microsoft.Extensions.Logging.Abstractions;
using StreamRelay.Logs;
using StreamRelay.Storage.Journal;

namespace StreamRelay.Storage.Crash;

/// <summary>A journal on a <see cref="CrashDisk"/>, without the other parts of a store.</summary>
internal sealed class CrashJournal(EventJournal journal) : IAsyncDisposable
{
    public EventJournal Journal => journal;

    public IEventLog Log { get; } = new JournalEventLog(journal, _ => Task.CompletedTask);

    public static CrashJournal Open(CrashDisk disk, ISegmentIndex index, StorageOptions options)
    {
        var opened = new CrashJournal(EventJournal.Open(disk, new("/store"), index, options, TimeProvider.System, NullLoggerFactory.Instance));
        _ = opened.Journal.MaintainAsync();
        return opened;
    }

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
