namespace StreamRelay.Protocols.Renderings;

/// <summary>A piece of a <see cref="FrameLog"/>. A plain array, never pooled: a pooled one could show another owner's bytes.</summary>
internal sealed class FrameSegment(long start, int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];
    private int _length;

    public long Start => start;

    public int Capacity => capacity;

    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > capacity - _length)
            return false;

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    public ReadOnlyMemory<byte> From(long position) => _bytes.AsMemory((int)(position - start), (int)(_length - (position - start)));
}
