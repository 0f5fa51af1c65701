using System.Buffers;
using System.Buffers.Binary;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>Goes through the records of a stretch of a file, and stops before the first one that is not whole.</summary>
internal sealed class RecordScanner : IDisposable
{
    private const int InitialSize = 64 << 10;

    private readonly int _ahead;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    private IStorageFile? _file;
    private long _end;
    private int _start;
    private int _filled;
    private int _length;

    /// <param name="ahead">Bytes read at once where records are smaller.</param>
    public RecordScanner(int ahead = InitialSize)
    {
        _ahead = Math.Min(ahead, InitialSize);
    }

    /// <summary>Where the current record starts.</summary>
    public long Position { get; private set; }

    /// <summary>Where the record after the current one starts.</summary>
    public long Next => Position + _length;

    /// <summary>The current record with its header, valid until the next move.</summary>
    public ReadOnlySpan<byte> Current => _buffer.AsSpan(_start, _length);

    /// <summary>The current record without its header.</summary>
    public ReadOnlySpan<byte> Body => Current[Record.HeaderSize..];

    public void Start(IStorageFile file, long position, long end)
    {
        _file = file;
        Position = position;
        _end = end;
        _start = _filled = _length = 0;
    }

    /// <returns><see langword="false"/> at the end of the stretch, or where what follows is not a whole record.</returns>
    public bool MoveNext()
    {
        Position = Next;
        _start += _length;
        _length = 0;
        if (!Fill(Record.HeaderSize))
            return false;

        var body = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        if (body < Record.PrefixSize || body > _end - Position - Record.HeaderSize || !Fill(Record.HeaderSize + (int)body))
            return false;

        var size = Record.HeaderSize + (int)body;
        if (!Record.IsIntact(_buffer.AsSpan(_start, size)))
            return false;

        _length = size;
        return true;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private bool Fill(int size)
    {
        if (_filled - _start >= size)
            return true;
        if (size > _end - Position)
            return false;

        MakeRoom(size);
        while (_filled < size)
        {
            var wanted = (int)Math.Min(Math.Max(size, _ahead) - _filled, _end - Position - _filled);
            var read = _file!.Read(_buffer.AsSpan(_filled, wanted), Position + _filled);
            if (read == 0)
                return false;
            _filled += read;
        }

        return true;
    }

    private void MakeRoom(int size)
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
