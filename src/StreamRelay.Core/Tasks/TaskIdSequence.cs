using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StreamRelay.Tasks;

/// <summary>Makes the ids of this process: each one is greater than all before it, whatever the clock does (RFC 9562, section 6.2, method 1).</summary>
internal static class TaskIdSequence
{
    private const int CounterBits = 12;
    private const int CounterMask = (1 << CounterBits) - 1;
    private const ushort Version = 7 << CounterBits;
    private const byte Variant = 0x80;
    private const byte VariantMask = 0x3F;

    // Milliseconds of the Unix time, and a counter within the millisecond.
    private static long _last;

    /// <summary>The next id.</summary>
    public static TaskId Next(DateTimeOffset now)
    {
        var tick = Advance(now.ToUnixTimeMilliseconds() << CounterBits);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (tick >> CounterBits << 16) | Version | (tick & CounterMask));
        RandomNumberGenerator.Fill(bytes[8..]);
        bytes[8] = (byte)((bytes[8] & VariantMask) | Variant);
        return new(new Guid(bytes, bigEndian: true));
    }

    /// <summary>Continues after an id.</summary>
    public static void Observe(TaskId newest)
    {
        Span<byte> bytes = stackalloc byte[16];
        newest.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        var head = BinaryPrimitives.ReadInt64BigEndian(bytes);
        Advance((head >>> 16 << CounterBits) | (head & CounterMask));
    }

    private static long Advance(long now)
    {
        while (true)
        {
            var before = Volatile.Read(ref _last);
            var next = Math.Max(before + 1, now);
            if (Interlocked.CompareExchange(ref _last, next, before) == before)
                return next;
        }
    }
}
