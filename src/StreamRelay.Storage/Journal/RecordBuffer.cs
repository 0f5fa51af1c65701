using System.Buffers.Binary;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Records on their way to a file: one growing buffer, used again for every group.</summary>
internal sealed class RecordBuffer
{
    private const int InitialSize = 64 << 10;
    private const int KeptSize = 4 << 20;

    private byte[] _bytes = new byte[InitialSize];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Starts a record and writes its prefix.</summary>
    /// <returns>Where it starts.</returns>
    public int Begin(RecordKind kind, TaskId task, long offset)
    {
        var start = Length;
        var record = Take(Record.HeaderSize + Record.PrefixSize);
        Record.WritePrefix(record[Record.HeaderSize..], kind, task, offset);
        return start;
    }

    /// <summary>Room for more bytes of the record, valid until the next call.</summary>
    public Span<byte> Take(int size)
    {
        if (size > _bytes.Length - Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, (long)Length + size)));
        Length += size;
        return _bytes.AsSpan(Length - size, size);
    }

    public void End(int start) => Record.Seal(_bytes.AsSpan(start, Length - start));

    /// <summary>Writes a whole record that adds one number to its prefix.</summary>
    public void Add(RecordKind kind, TaskId task, long offset, long value)
    {
        var start = Begin(kind, task, offset);
        BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);
        End(start);
    }

    /// <summary>Overwrites four bytes of an open record.</summary>
    public void Patch(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position), value);

    /// <summary>Forgets everything from <paramref name="length"/> on.</summary>
    public void Cut(int length)
    {
        Length = length;
        if (length == 0 && _bytes.Length > KeptSize)
            _bytes = new byte[InitialSize];
    }
}
