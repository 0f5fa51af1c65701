using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.Storage.Journal;

/// <summary>Records of the journal, changed at random, half of them with a checksum that is right again: they are read as far as they are whole, and nothing else.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class RecordFuzzTests
{
    private static readonly TaskId Task = SampleEntries.NewTask();

    [Fact]
    public void Records_are_read_as_far_as_they_are_whole()
    {
        using var scanner = new RecordScanner();
        Fuzz.Bytes(120_000, Samples(), input =>
        {
            if (input.Length % 2 == 0)
                Seal(input);

            scanner.Start(new MemoryFile(input), 0, input.Length);
            while (scanner.MoveNext() || scanner.SkipDamage())
                Read(scanner.Current);
        });
    }

    private static void Read(ReadOnlySpan<byte> record)
    {
        var body = record[Record.HeaderSize..];
        var (first, next) = (Record.Offset(body), Record.NextOffset(body));
        if (Record.Kind(body) != RecordKind.Entries)
        {
            Assert.Equal(first, next);
            return;
        }

        var page = new LogPage(int.MaxValue);
        var isWhole = EntryCodec.TryRead(record, first - 1, page);
        Assert.True(page.ToMemory().Length <= next - first && (page.IsFull || isWhole == (page.ToMemory().Length == next - first)));
        foreach (var entry in page.ToMemory().Span)
            Assert.Equal(first++, entry.Offset);
    }

    /// <summary>Makes the checksums right, as a program would that writes into the data folder.</summary>
    private static void Seal(byte[] input)
    {
        for (var rest = input.AsSpan(); rest.Length > Record.HeaderSize + Record.PrefixSize;)
        {
            var size = (int)Math.Clamp(Record.Size(rest), Record.HeaderSize + Record.PrefixSize, rest.Length);
            Record.Seal(rest[..size]);
            rest = rest[size..];
        }
    }

    private static byte[][] Samples()
    {
        var buffer = new RecordBuffer();
        buffer.Add(RecordKind.Epoch, Task, 1, 1);
        EntryCodec.Write(buffer, Task, SampleEntries.Entries(1, 3));
        EntryCodec.Write(buffer, Task, [SampleEntries.Entry(4, "text", """{"a":1}""", "helper"), new(5, SampleEntries.Start, new(StreamEventKind.End))]);
        var records = buffer.Written.ToArray();
        buffer.Truncate(0);
        EntryCodec.Write(buffer, Task, SampleEntries.Entries(7, 1));
        return [records, buffer.Written.ToArray(), LargeLength()];
    }

    /// <summary>A record that says it has 2 GiB.</summary>
    private static byte[] LargeLength()
    {
        var buffer = new RecordBuffer();
        EntryCodec.Write(buffer, Task, SampleEntries.Entries(1, 1));
        byte[] record = [.. buffer.Written];
        record.AsSpan(0, 3).Fill(byte.MaxValue);
        record[3] = 0x7F;
        return record;
    }
}
