using StreamRelay.Logs;
using StreamRelay.Storage.Journal;
using StreamRelay.Tasks;
using StreamRelay.TestSupport.Fuzzing;
using Record = StreamRelay.Storage.Journal.Record;

namespace StreamRelay.Storage.Crash;

/// <summary>A journal whose segments, sealed and not, were changed at random; the checksums of some changed records are right again.</summary>
internal sealed class FuzzedJournal
{
    private const int Tasks = 6;
    private const int Entries = 4;
    private const string Folder = "/store/journal";

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly CrashDisk _disk = new();
    private readonly CrashIndex _index;
    private readonly StorageOptions _options = new() { SegmentBytes = 512 };
    private readonly TaskId[] _tasks = [.. Enumerable.Range(0, Tasks).Select(_ => SampleEntries.NewTask())];
    private readonly Random _random;

    public FuzzedJournal(int seed)
    {
        _random = new(seed);
        _index = new(_disk);
    }

    /// <summary>Writes, changes and reads it.</summary>
    public async Task RunAsync()
    {
        await using (var written = CrashJournal.Open(_disk, _index, _options))
        {
            for (var offset = 1; offset <= Entries; offset++)
            {
                foreach (var task in _tasks)
                    await written.Log.AppendAsync(task, SampleEntries.Entries(offset, 1));
            }
        }

        foreach (var name in _disk.Files(Folder).Order(StringComparer.Ordinal).Where(_ => _random.Next(2) == 0))
            Change(Path.Combine(Folder, name));

        await using var journal = CrashJournal.Open(_disk, _index, _options);
        await ReadAsync(journal);
        await journal.Journal.MaintainAsync();
        await ReadAsync(journal);
    }

    private void Change(string path)
    {
        using var file = _disk.OpenWrite(path);
        var bytes = new byte[file.Length];
        file.Read(bytes, 0);
        var changed = _random.Next(2) == 0 ? ByteMutation.Of(bytes, _random) : Forge(bytes);
        file.SetLength(0);
        file.Write(changed, 0);
    }

    /// <summary>Changes the body of one record, and makes its checksum right.</summary>
    private byte[] Forge(byte[] bytes)
    {
        var position = SegmentHeader.Size;
        while (position + Record.HeaderSize + Record.PrefixSize < bytes.Length)
        {
            var record = bytes.AsSpan(position);
            var size = (int)Math.Min(Record.Size(record), record.Length);
            if (_random.Next(4) == 0)
            {
                record[_random.Next(Record.HeaderSize, size)] = (byte)_random.Next(256);
                Record.Seal(record[..size]);
                break;
            }

            position += size;
        }

        return bytes;
    }

    private async Task ReadAsync(CrashJournal journal)
    {
        foreach (var task in _tasks)
        {
            var count = 0;
            try
            {
                while (await journal.Log.ReadAsync(task, count, 3, None) is { IsEmpty: false } page)
                {
                    foreach (var entry in page.Span)
                        Assert.Equal(++count, entry.Offset);
                }
            }
            catch (LogNotFoundException)
            {
            }
            catch (LogDamagedException damage)
            {
                Assert.Equal(count, damage.After);
            }
        }
    }
}
