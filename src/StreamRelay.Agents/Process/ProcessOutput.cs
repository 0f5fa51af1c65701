using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using StreamRelay.Streams;

namespace StreamRelay.Agents.Process;

/// <summary>Turns what a program writes into events: a line that is an event is that event, anything else is a piece of the answer, shown as it comes.</summary>
internal sealed class ProcessOutput(AgentContext context)
{
    private const int LongestLine = 1 << 20;

    private int _lines = 1;
    private bool _isPlain;

    /// <summary>The failure that the program reported, or <see langword="null"/>.</summary>
    public AgentException? Failure { get; private set; }

    /// <summary>Reads until the program and all that share its output have closed it. Reads no faster than the task takes it.</summary>
    /// <exception cref="AgentException">A line is an event that is wrong.</exception>
    /// <exception cref="PublishException">The task cannot take more.</exception>
    public async Task ReadAsync(Stream output)
    {
        var pipe = PipeReader.Create(output);
        while (true)
        {
            var read = await pipe.ReadAsync();
            var rest = read.Buffer;
            while (TryTake(ref rest, read.IsCompleted, out var piece))
                await TakeAsync(piece);

            pipe.AdvanceTo(rest.Start, read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    /// <summary>Takes a whole line that may be an event, or whatever there is of a line that cannot be one.</summary>
    private bool TryTake(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> piece)
    {
        piece = rest;
        if (rest.IsEmpty)
            return false;

        var end = rest.PositionOf((byte)'\n');
        if (end is { } line)
            piece = rest.Slice(0, rest.GetPosition(1, line));
        else if (!_isPlain && rest.FirstSpan[0] == (byte)'{' && !isLast && rest.Length <= LongestLine)
            return false;
        else
            piece = isLast ? rest : WholeCharacters(rest);

        rest = rest.Slice(piece.End);
        return !piece.IsEmpty;
    }

    private async ValueTask TakeAsync(ReadOnlySequence<byte> piece)
    {
        var bytes = piece.ToArray();
        var isWhole = bytes[^1] == (byte)'\n';
        if (!_isPlain && bytes[0] == (byte)'{' && Parse(bytes) is { } said)
            await PublishAsync(said);
        else
            await PublishAsync(new(StreamEventKind.Output, Valid(bytes)));

        _isPlain = !isWhole;
        _lines += isWhole ? 1 : 0;
    }

    private StreamEvent? Parse(byte[] line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("event_type", out _))
                return null;

            return EventReader.Read(json.RootElement, out var fault)
                ?? throw new AgentException("invalid_event", $"Line {_lines} of the program's output is a wrong event: {fault}.");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async ValueTask PublishAsync(StreamEvent said)
    {
        switch (said.Kind)
        {
            case StreamEventKind.End:
                context.FinishReason = Field(said, "finish_reason") ?? context.FinishReason;
                break;
            case StreamEventKind.Error:
                Failure = new(Field(said, "code") ?? "agent_failed", said.Content.IsEmpty ? "The agent failed." : Encoding.UTF8.GetString(said.Content.Span));
                break;
            default:
                await SayAsync(said);
                break;
        }
    }

    private async ValueTask SayAsync(StreamEvent said)
    {
        try
        {
            await context.PublishAsync(said, CancellationToken.None);
        }
        catch (PublishException exception) when (exception.Failure == PublishFailure.Closed)
        {
            // It was stopped: what it still says is not taken, but its usage is, and it must not stand still before a full pipe.
        }
    }

    private static string? Field(StreamEvent said, string name) =>
        !said.Metadata.IsEmpty && JsonElement.Parse(said.Metadata.Span).TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>All but the beginning of a character whose rest is still to come.</summary>
    private static ReadOnlySequence<byte> WholeCharacters(in ReadOnlySequence<byte> bytes)
    {
        var length = bytes.Length;
        var last = bytes.Slice(Math.Max(0, length - 3)).ToArray();
        for (var back = 1; back <= last.Length; back++)
        {
            var lead = last[^back];
            if ((lead & 0xC0) == 0x80)
                continue;

            var expected = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
            return expected > back ? bytes.Slice(0, length - back) : bytes;
        }

        return bytes;
    }

    /// <summary>The bytes, with what is not UTF-8 replaced.</summary>
    private static byte[] Valid(byte[] bytes) => System.Text.Unicode.Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));
}
