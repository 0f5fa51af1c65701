using System.Buffers.Binary;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>A buffer for records that are to be written to a file. It grows as needed and is used again after <see cref="Truncate"/>.</summary>
internal sealed class RecordBuffer
{
    private const int InitialSize = 64 << 10;
    private const int KeptSize = 4 << 20;

    private byte[] _bytes = new byte[InitialSize];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Starts a record and writes its prefix. The first record in the buffer starts a group.</summary>
    /// <returns>The position in the buffer where the record starts.</returns>
    public int Begin(RecordKind kind, TaskId task, long offset)
    {
        var start = Length;
        var record = Reserve(Record.HeaderSize + Record.PrefixSize);
        Record.WritePrefix(record[Record.HeaderSize..], kind, startsGroup: start == 0, task, offset);
        return start;
    }

    /// <summary>Extends the buffer by <paramref name="size"/> bytes and returns them. The span is valid until the next call.</summary>
    public Span<byte> Reserve(int size)
    {
        if (size > _bytes.Length - Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, (long)Length + size)));
        Length += size;
        return _bytes.AsSpan(Length - size, size);
    }

    /// <summary>Fills in the header of the record that starts at <paramref name="start"/>.</summary>
    public void End(int start) => Record.Seal(_bytes.AsSpan(start, Length - start));

    /// <summary>Writes a record that consists of its prefix and one number.</summary>
    public void Add(RecordKind kind, TaskId task, long offset, long value)
    {
        var start = Begin(kind, task, offset);
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);
        End(start);
    }

    /// <summary>Overwrites four bytes of a record that was started and not ended.</summary>
    public void Patch(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position), value);

    /// <summary>Discards the bytes from position <paramref name="length"/> on.</summary>
    public void Truncate(int length)
    {
        Length = length;
        if (length == 0 && _bytes.Length > KeptSize)
            _bytes = new byte[InitialSize];
    }
}
