using System.Buffers;
using System.Text;
using StreamRelay.Events;
using StreamRelay.Streams;

namespace StreamRelay.Agents.Process;

/// <summary>Publishes the standard output of a child. Text is published as it arrives; a line that begins with <c>{</c> is held until its end, because
/// it may be an event. The reader waits until the task has accepted an event before it reads on.</summary>
internal sealed class OutputReader(AgentContext context)
{
    private const int MaxLineBytes = 1 << 20;
    private const int BufferBytes = 16 << 10;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly ArrayBufferWriter<byte> _text = new(BufferBytes);
    private readonly ArrayBufferWriter<byte> _line = new();
    private long _number = 1;
    private bool _isText;

    /// <summary>The exception that ended publishing, or <see langword="null"/>.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>The error of the first error event that the child wrote, or <see langword="null"/>.</summary>
    public AgentException? Error { get; private set; }

    /// <summary>Reads to the end. After a fault the rest is read and discarded, so that the child can exit.</summary>
    public async Task ReadAsync(ChildPipe pipe, Action faulted)
    {
        var buffer = new byte[BufferBytes];
        for (var more = true; more;)
        {
            var count = await pipe.ReadAsync(buffer);
            more = count > 0;
            if (Fault is not null)
                continue;

            try
            {
                await (more ? TakeAsync(buffer.AsMemory(0, count)) : EndAsync());
            }
            catch (Exception exception)
            {
                Fault = exception;
                faulted();
            }
        }
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> read)
    {
        while (!read.IsEmpty)
        {
            var end = read.Span.IndexOf((byte)'\n') + 1;
            var isWhole = end > 0;
            Add(read.Span[..(isWhole ? end : read.Length)], isWhole);
            if (isWhole)
                await EndLineAsync();

            read = read[(isWhole ? end : read.Length)..];
        }

        await FlushAsync(isEnd: false);
    }

    private async ValueTask EndAsync()
    {
        await EndLineAsync();
        await FlushAsync(isEnd: true);
    }

    private void Add(ReadOnlySpan<byte> piece, bool isWhole)
    {
        if (_isText)
        {
            _text.Write(piece);
            return;
        }

        _line.Write(piece);
        var begin = _line.WrittenSpan.TrimStart(" \t\r\n"u8);
        if (begin.IsEmpty ? isWhole : begin[0] != '{')
            TreatAsText();
        else if (_line.WrittenCount > MaxLineBytes + 1)
            RejectLongEvent();
    }

    private void RejectLongEvent()
    {
        if (EventLine.CouldBeJson(_line.WrittenSpan))
            throw Invalid($"it is longer than {MaxLineBytes} bytes");

        TreatAsText();
    }

    private void TreatAsText()
    {
        _text.Write(_line.WrittenSpan);
        _line.ResetWrittenCount();
        _isText = true;
    }

    private async ValueTask EndLineAsync()
    {
        if (_line.WrittenCount > 0)
        {
            var line = EventLine.Read(_line.WrittenMemory);
            if (line is null)
                TreatAsText();
            else
                await TakeEventAsync(line);
        }

        _line.ResetWrittenCount();
        _isText = false;
        _number++;
    }

    private async ValueTask TakeEventAsync(EventLine line)
    {
        await FlushAsync(isEnd: false);
        switch (line.Event?.Kind)
        {
            case null:
                throw Invalid(line.Fault);
            case StreamEventKind.Error:
                Error ??= new(line.Code ?? "agent_failed", line.Event.Content.IsEmpty ? "The agent failed." : Encoding.UTF8.GetString(line.Event.Content.Span));
                break;
            case StreamEventKind.End:
                context.FinishReason = line.FinishReason ?? context.FinishReason;
                break;
            default:
                await PublishAsync(line.Event);
                break;
        }
    }

    private async ValueTask FlushAsync(bool isEnd)
    {
        var text = new char[Encoding.UTF8.GetMaxCharCount(_text.WrittenCount)];
        var length = _decoder.GetChars(_text.WrittenSpan, text, isEnd);
        _text.ResetWrittenCount();
        if (length > 0)
            await PublishAsync(new(StreamEventKind.Output, Encoding.UTF8.GetBytes(text, 0, length)));
    }

    private async ValueTask PublishAsync(StreamEvent streamEvent)
    {
        try
        {
            // Without the run's token, because a child that is being stopped may still report its usage.
            await context.PublishAsync(streamEvent, CancellationToken.None);
        }
        catch (PublishException exception) when (exception.Failure == PublishFailure.Closed)
        {
            // The task was stopped. The rest is read and discarded, so that the child can exit.
        }
        catch (PublishException exception) when (exception.Failure == PublishFailure.TooLarge)
        {
            throw Invalid("it is larger than StreamRelay:Streams:MaxEventBytes");
        }
    }

    private AgentException Invalid(string fault) => new("invalid_event", $"Line {_number} of the process's output is not a valid event: {fault}.");
}
