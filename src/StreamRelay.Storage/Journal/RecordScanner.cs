using System.Buffers;
using System.Buffers.Binary;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>Enumerates the records in a range of a file. It stops before a record that is incomplete or damaged, and can skip it.</summary>
internal sealed class RecordScanner : IDisposable
{
    private const int InitialSize = 64 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    private IStorageFile? _file;
    private long _end;
    private int _start;
    private int _filled;
    private int _length;

    /// <summary>The position in the file where the current record starts.</summary>
    public long Position { get; private set; }

    /// <summary>The position in the file where the next record starts.</summary>
    public long Next => Position + _length;

    /// <summary>Whether the range contains no bytes after the current record.</summary>
    public bool IsAtEnd => Next >= _end;

    /// <summary>The current record with its header. It is valid until the next call of <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Current => _buffer.AsSpan(_start, _length);

    /// <summary>The current record without its header.</summary>
    public ReadOnlySpan<byte> Body => Current[Record.HeaderSize..];

    /// <summary>Places the scanner before the first record of the range from <paramref name="position"/> to <paramref name="end"/>.</summary>
    public void Start(IStorageFile file, long position, long end)
    {
        _file = file;
        Position = position;
        _end = end;
        _start = _filled = _length = 0;
    }

    /// <summary>Moves to the next record.</summary>
    /// <returns><see langword="false"/> at the end of the range, or when the next record is incomplete or damaged.</returns>
    public bool MoveNext()
    {
        Position = Next;
        _start += _length;
        _length = 0;
        if (!Fill(Record.HeaderSize + Record.PrefixSize) || !Record.IsPlausible(_buffer.AsSpan(_start)))
            return false;

        var body = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
        if (body > _end - Position - Record.HeaderSize || !Fill(Record.HeaderSize + body))
            return false;

        var size = Record.HeaderSize + body;
        if (!Record.IsIntact(_buffer.AsSpan(_start, size)) || !Record.IsComplete(_buffer.AsSpan(_start + Record.HeaderSize, body)))
            return false;

        _length = size;
        return true;
    }

    /// <summary>Moves to the next whole record, wherever it starts, after <see cref="MoveNext"/> has found none.</summary>
    /// <returns><see langword="false"/> when the range contains no further whole record.</returns>
    public bool SkipDamage()
    {
        while (_filled > _start)
        {
            _length = 1;
            if (MoveNext())
                return true;
        }

        return false;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private bool Fill(int size)
    {
        if (_filled - _start >= size)
            return true;
        if (size > _end - Position)
            return false;

        EnsureCapacity(size);
        while (_filled < size)
        {
            var wanted = (int)Math.Min(Math.Max(size, InitialSize) - _filled, _end - Position - _filled);
            var read = _file!.Read(_buffer.AsSpan(_filled, wanted), Position + _filled);
            if (read == 0)
                return false;
            _filled += read;
        }

        return true;
    }

    private void EnsureCapacity(int size)
    {
        var kept = _buffer.AsSpan(_start, _filled - _start);
        if (size > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(size);
            kept.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            kept.CopyTo(_buffer);
        }

        (_start, _filled) = (0, kept.Length);
    }
}
