using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.AspNetCore.Streaming;

/// <summary>Writes the frames of several tasks, each read from a pipe of its own, to one response, under ids that hold the last frame of every task.</summary>
internal sealed class MultiplexWriter(PipeWriter output, FrameId[] last, TimeSpan quietTime, TimeProvider time) : IDisposable
{
    private static ReadOnlySpan<byte> FrameEnd => "\n\n"u8;

    private readonly SemaphoreSlim _turn = new(1);
    private long _lastWrite = time.GetTimestamp();

    /// <summary>Copies the frames of one task until there are no more.</summary>
    public async Task CopyAsync(int index, PipeReader frames)
    {
        while (true)
        {
            var read = await frames.ReadAsync();
            var whole = WholeFrames(read.Buffer);
            if (!whole.IsEmpty && !await TryWriteAsync(index, whole))
                break;

            frames.AdvanceTo(whole.End, read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        await frames.CompleteAsync();
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask<bool> TryWriteAsync(int index, ReadOnlySequence<byte> frames)
    {
        await _turn.WaitAsync();
        try
        {
            Write(index, frames.ToArray());
            return !(await output.FlushAsync()).IsCompleted;
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Write(int index, ReadOnlySpan<byte> frames)
    {
        while (!frames.IsEmpty)
        {
            var end = frames.IndexOf(FrameEnd) + FrameEnd.Length;
            if (frames[0] != (byte)':')
                WriteFrame(index, frames[..end]);
            else if (time.GetElapsedTime(_lastWrite) >= quietTime)
                WriteBytes(frames[..end]);

            frames = frames[end..];
        }
    }

    private void WriteFrame(int index, ReadOnlySpan<byte> frame)
    {
        var line = frame.IndexOf((byte)'\n');
        var id = Encoding.ASCII.GetString(frame["id: ".Length..line]);
        if (!FrameId.TryParse(id, out last[index]))
            throw new FormatException($"'{id}' is not the id of a frame.");

        WriteBytes(Encoding.ASCII.GetBytes($"id: {MultiplexEventId.Format(last)}"));
        WriteBytes(frame[line..]);
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _lastWrite = time.GetTimestamp();
    }

    private static ReadOnlySequence<byte> WholeFrames(in ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        var end = buffer.Start;
        while (reader.TryReadTo(out ReadOnlySequence<byte> _, FrameEnd))
            end = reader.Position;

        return buffer.Slice(buffer.Start, end);
    }
}
