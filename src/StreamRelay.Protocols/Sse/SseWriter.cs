using System.Buffers;
using System.Buffers.Text;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.Sse;

/// <summary>Takes the frames of one entry from an encoder and gives them their ids: the last has the bare offset, earlier ones <c>offset.k</c>.</summary>
public sealed class SseWriter
{
    private const int LongestNumber = 20;

    private readonly ArrayBufferWriter<byte> _frames = new(1024);
    private readonly ArrayBufferWriter<byte> _framed = new(1024);
    private readonly List<int> _ends = [];

    /// <summary>How many frames of the entry are finished.</summary>
    internal int Count => _ends.Count;

    /// <summary>Begins a frame. Its data, one line, is written to the result; end it with <see cref="EndFrame"/>.</summary>
    /// <param name="eventName">The SSE event name; empty for an unnamed frame.</param>
    public FrameJson BeginFrame(ReadOnlySpan<byte> eventName = default)
    {
        var json = new FrameJson(_frames);
        if (!eventName.IsEmpty)
        {
            json.Append("event: "u8);
            json.Append(eventName);
            json.Append("\n"u8);
        }

        json.Append("data: "u8);
        return json;
    }

    /// <summary>Ends the frame begun last.</summary>
    public void EndFrame(FrameJson json)
    {
        json.Append("\n\n"u8);
        json.Flush();
        _ends.Add(_frames.WrittenCount);
    }

    /// <summary>Writes a frame whose data is a constant, such as <c>[DONE]</c>.</summary>
    public void WriteFrame(ReadOnlySpan<byte> data)
    {
        var json = BeginFrame();
        json.Append(data);
        EndFrame(json);
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

        Clear();
        return _framed.WrittenSpan;
    }

    /// <summary>Discards the frames of the entry.</summary>
    internal void Clear()
    {
        _frames.ResetWrittenCount();
        _ends.Clear();
    }

    private void WriteId(long offset, int frame)
    {
        _framed.Write("id: "u8);
        WriteNumber(offset);
        if (frame > 0)
        {
            _framed.Write("."u8);
            WriteNumber(frame);
        }

        _framed.Write("\n"u8);
    }

    private void WriteNumber(long number)
    {
        Utf8Formatter.TryFormat(number, _framed.GetSpan(LongestNumber), out var written);
        _framed.Advance(written);
    }
}
