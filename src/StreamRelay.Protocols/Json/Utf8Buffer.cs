using System.Runtime.CompilerServices;

namespace StreamRelay.Protocols.Json;

/// <summary>Bytes that are written one after the other. The small methods are inlined, so that a constant costs one move.</summary>
/// <param name="capacity">The bytes that are reserved at once.</param>
public sealed class Utf8Buffer(int capacity = 0)
{
    private byte[] _bytes = capacity == 0 ? [] : new byte[capacity];

    /// <summary>How many bytes were written.</summary>
    public int WrittenCount { get; private set; }

    /// <summary>What was written; valid until the next change.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, WrittenCount);

    /// <summary>What was written; valid until <see cref="Clear"/> or <see cref="Insert"/>.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, WrittenCount);

    /// <summary>The free bytes after what was written, at least <paramref name="size"/>; <see cref="Advance"/> counts those that were filled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int size)
    {
        if (_bytes.Length - WrittenCount < size)
            Grow(size);

        return _bytes.AsSpan(WrittenCount);
    }

    /// <summary>Counts bytes of the last <see cref="GetSpan"/> as written.</summary>
    public void Advance(int count) => WrittenCount += count;

    /// <summary>Writes a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte value)
    {
        GetSpan(1)[0] = value;
        Advance(1);
    }

    /// <summary>Writes bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Writes bytes before some of those that were written.</summary>
    public void Insert(int index, ReadOnlySpan<byte> bytes)
    {
        GetSpan(bytes.Length);
        _bytes.AsSpan(index, WrittenCount - index).CopyTo(_bytes.AsSpan(index + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(index));
        Advance(bytes.Length);
    }

    /// <summary>Discards what was written, and keeps the space.</summary>
    public void Clear() => WrittenCount = 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size) =>
        Array.Resize(ref _bytes, (int)Math.Min(Math.Max(_bytes.Length * 2L, (long)WrittenCount + size), Array.MaxLength));
}
