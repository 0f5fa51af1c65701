using System.Buffers;

namespace StreamRelay.Protocols.Sse;

/// <summary>Takes the frames of one entry from an encoder and gives them their ids: the last has the bare offset, earlier ones <c>offset.k</c>.</summary>
public sealed class SseWriter
{
    private readonly ArrayBufferWriter<byte> _frames = new(1024);
    private readonly ArrayBufferWriter<byte> _framed = new(1024);
    private readonly List<int> _ends = [];

    /// <summary>How many frames of the entry are finished.</summary>
    internal int Count => _ends.Count;

    /// <summary>Begins a frame; its data, one line of JSON (or <c>[DONE]</c>), is written to the result. End it with <see cref="EndFrame"/>.</summary>
    /// <param name="eventName">The SSE event name; empty for an unnamed frame.</param>
    public ArrayBufferWriter<byte> BeginFrame(ReadOnlySpan<byte> eventName = default)
    {
        if (!eventName.IsEmpty)
        {
            _frames.Write("event: "u8);
            _frames.Write(eventName);
            _frames.Write("\n"u8);
        }

        _frames.Write("data: "u8);
        return _frames;
    }

    /// <summary>Ends the frame begun last.</summary>
    public void EndFrame()
    {
        _frames.Write("\n\n"u8);
        _ends.Add(_frames.WrittenCount);
    }

    /// <summary>The finished frames of the entry, with ids; valid until the next call.</summary>
    internal ReadOnlySpan<byte> Take(long offset)
    {
        _framed.ResetWrittenCount();
        var start = 0;
        for (var frame = 1; frame <= _ends.Count; frame++)
        {
            WriteId(offset, frame < _ends.Count ? frame : 0);
            _framed.Write(_frames.WrittenSpan[start.._ends[frame - 1]]);
            start = _ends[frame - 1];
        }

        _frames.ResetWrittenCount();
        _ends.Clear();
        return _framed.WrittenSpan;
    }

    private void WriteId(long offset, int frame)
    {
        _framed.Write("id: "u8);
        Json.JsonText.WriteNumber(_framed, offset);
        if (frame > 0)
        {
            _framed.Write("."u8);
            Json.JsonText.WriteNumber(_framed, frame);
        }

        _framed.Write("\n"u8);
    }
}
