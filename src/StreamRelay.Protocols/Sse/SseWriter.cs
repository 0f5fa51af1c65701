using System.Buffers.Text;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.Sse;

/// <summary>Takes the frames of one entry from an encoder and gives them their ids: the last has the bare offset, earlier ones <c>offset.k</c>.</summary>
public sealed class SseWriter
{
    private const int LongestNumber = 20;

    private readonly Utf8Buffer _frames = new(1024);
    private long _offset;
    private int _idEnd;

    /// <summary>How many frames of the entry are finished.</summary>
    internal int Count { get; private set; }

    /// <summary>The finished frames of the entry, with ids; valid until the next change.</summary>
    internal ReadOnlySpan<byte> Written => _frames.WrittenSpan;

    /// <summary>Begins a frame. Its data, one line, is written to the result; end it with <see cref="EndFrame"/>.</summary>
    /// <param name="eventName">The SSE event name; empty for an unnamed frame.</param>
    public FrameJson BeginFrame(ReadOnlySpan<byte> eventName = default)
    {
        // Each frame is the last one until another follows: most entries have one frame, whose id is written once.
        if (Count > 0)
            InsertFrameNumber();

        WriteId();
        if (!eventName.IsEmpty)
        {
            _frames.Write("\nevent: "u8);
            _frames.Write(eventName);
        }

        _frames.Write("\ndata: "u8);
        return new(_frames);
    }

    /// <summary>Ends the frame begun last.</summary>
    public void EndFrame()
    {
        _frames.Write("\n\n"u8);
        Count++;
    }

    /// <summary>Writes a frame whose data is a constant, such as <c>[DONE]</c>.</summary>
    public void WriteFrame(ReadOnlySpan<byte> data)
    {
        BeginFrame().Raw(data);
        EndFrame();
    }

    /// <summary>Discards the frames, and begins those of an entry.</summary>
    internal void Begin(long offset)
    {
        _frames.Clear();
        _offset = offset;
        Count = 0;
    }

    private void WriteId()
    {
        _frames.Write("id: "u8);
        Utf8Formatter.TryFormat(_offset, _frames.GetSpan(LongestNumber), out var written);
        _frames.Advance(written);
        _idEnd = _frames.WrittenCount;
    }

    private void InsertFrameNumber()
    {
        Span<byte> number = stackalloc byte[1 + LongestNumber];
        number[0] = (byte)'.';
        Utf8Formatter.TryFormat(Count, number[1..], out var written);
        _frames.Insert(_idEnd, number[..(1 + written)]);
    }
}
