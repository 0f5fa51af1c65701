namespace StreamRelay.Storage.Crash;

/// <summary>A file's bytes: the current ones, the synced ones, and the writes between the two.</summary>
internal sealed class CrashNode
{
    private readonly List<(long Position, byte[]? Bytes)> _pending = [];
    private byte[] _current = [];
    private byte[] _synced = [];

    public long Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _current.AsSpan(0, (int)Length);

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        Reserve(position + bytes.Length);
        bytes.CopyTo(_current.AsSpan((int)position));
        Length = Math.Max(Length, position + bytes.Length);
        _pending.Add((position, bytes.ToArray()));
    }

    public void SetLength(long length)
    {
        Reserve(length);
        if (length < Length)
            _current.AsSpan((int)length, (int)(Length - length)).Clear();
        Length = length;
        _pending.Add((length, null));
    }

    public void Sync()
    {
        // Not the current bytes: pages that an earlier failed sync dropped stay dropped.
        foreach (var (position, bytes) in _pending)
            Apply(ref _synced, position, bytes);
        _pending.Clear();
    }

    /// <summary>A failed sync: the system regards these pages as clean, whether or not they were written.</summary>
    public void FailSync(Random random)
    {
        foreach (var (position, bytes) in _pending.Where(_ => random.Next(2) == 0))
            Apply(ref _synced, position, bytes);
        _pending.Clear();
    }

    public CrashNode Survive(Random? random)
    {
        var bytes = random is null ? Bytes.ToArray() : _synced;
        if (random is not null)
            LoseSome(ref bytes, random);
        return new() { _current = bytes, _synced = bytes.ToArray(), Length = bytes.Length };
    }

    private void LoseSome(ref byte[] bytes, Random random)
    {
        var pending = _pending.ToArray();
        if (random.Next(2) == 0)
            random.Shuffle(pending);
        foreach (var (position, written) in pending)
        {
            var fate = random.Next(5);
            if (fate == 0)
                continue;
            var part = written;
            if (fate == 1 && written is not null)
                part = written[..random.Next(written.Length + 1)];
            if (fate == 2 && written is not null)
                part = new byte[written.Length];
            Apply(ref bytes, position, part);
        }
    }

    private static void Apply(ref byte[] target, long position, byte[]? bytes)
    {
        var length = bytes is null ? position : Math.Max(target.Length, position + bytes.Length);
        var result = new byte[length];
        target.AsSpan(0, (int)Math.Min(target.Length, length)).CopyTo(result);
        bytes?.CopyTo(result, position);
        target = result;
    }

    private void Reserve(long length)
    {
        if (length > _current.Length)
            Array.Resize(ref _current, (int)Math.Max(length, _current.Length * 2L));
    }
}
