using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Protocols.Renderings;

/// <summary>A client at the end of a pipe that takes bytes only when it reads.</summary>
internal sealed class PipeClient
{
    private readonly Pipe _pipe;
    private readonly StringBuilder _text = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public PipeClient(RenderingCache cache, TaskRequest task, IStreamProtocol protocol, FrameId seen = default, int buffer = 64 << 10)
        : this(cache, task, protocol, ResumePoint.After(seen), buffer)
    {
    }

    public PipeClient(RenderingCache cache, TaskRequest task, IStreamProtocol protocol, ResumePoint seen, int buffer = 64 << 10)
    {
        _pipe = new(new PipeOptions(pauseWriterThreshold: buffer, resumeWriterThreshold: buffer / 2, useSynchronizationContext: false));
        Reader = cache.Read(task, protocol, seen, new(_pipe.Writer, Abort));
        _ = CompleteAsync();
    }

    public RenderingReader Reader { get; }

    public TaskCompletionSource Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Text => _text.ToString();

    /// <summary>Reads until the text so far satisfies the condition, or the stream is over.</summary>
    public async Task<string> ReadAsync(Func<string, bool>? until = null)
    {
        while (until is null || !until(Text))
        {
            var read = await _pipe.Reader.ReadAsync().AsTask().WaitAsync(Relay.Deadline);
            Append(read.Buffer);
            _pipe.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        return Text;
    }

    // A write may end inside a character, as bytes on a socket do.
    private void Append(ReadOnlySequence<byte> bytes)
    {
        var units = new char[Encoding.UTF8.GetMaxCharCount((int)bytes.Length)];
        _text.Append(units, 0, _decoder.GetChars(bytes.ToArray(), units, flush: false));
    }

    private async Task CompleteAsync()
    {
        await Reader.Completion;
        await _pipe.Writer.CompleteAsync();
    }

    private void Abort()
    {
        Aborted.TrySetResult();
        _pipe.Reader.Complete();
    }
}
