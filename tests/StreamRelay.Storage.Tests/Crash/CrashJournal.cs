using Microsoft.Extensions.Logging.Abstractions;
using StreamRelay.Logs;
using StreamRelay.Storage.Journal;

namespace StreamRelay.Storage.Crash;

/// <summary>A journal on a <see cref="CrashDisk"/>, without the other parts of a store.</summary>
internal sealed class CrashJournal(EventJournal journal) : IAsyncDisposable
{
    public EventJournal Journal => journal;

    public IEventLog Log { get; } = new JournalEventLog(journal);

    public static CrashJournal Open(CrashDisk disk, StorageOptions options)
    {
        var opened = new CrashJournal(EventJournal.Open(disk, new("/store"), options, TimeProvider.System, NullLoggerFactory.Instance));
        _ = opened.Journal.CompactAsync();
        return opened;
    }

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
