using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Streams;

namespace StreamRelay.Agents.Process;

/// <summary>Publishes the lines of a child's standard error as <c>log</c> events. The child never waits: a line that cannot be published at once is dropped
/// and counted. The lines of a run are limited to 4 MiB, so that the task's output limit leaves room for the answer.</summary>
internal sealed class ErrorReader(AgentContext context)
{
    private const int BufferBytes = 4 << 10;
    private const int MaxLoggedBytes = 4 << 20;
    private const int MaxKeptLines = 20;
    private const int MaxKeptCharacters = 4 << 10;

    private readonly byte[] _metadata = JsonSerializer.SerializeToUtf8Bytes(new { level = "warning", category = context.Request.Agent });
    private readonly Queue<string> _last = new();
    private int _lastCharacters;
    private long _logged;
    private long _dropped;

    /// <summary>The last lines: at most 20 lines and 4096 characters.</summary>
    public IEnumerable<string> LastLines => _last;

    public async Task ReadAsync(ChildPipe pipe)
    {
        // A line that fills the buffer is published in pieces.
        var buffer = new byte[BufferBytes];
        var held = 0;
        while (await pipe.ReadAsync(buffer.AsMemory(held)) is var count and > 0)
        {
            held = TakeLines(buffer.AsSpan(0, held + count));
            if (held == buffer.Length)
                held = TakePiece(buffer);
        }

        Take(buffer.AsSpan(0, held));
        await ReportDroppedAsync();
    }

    /// <returns>The number of bytes of an incomplete line, which were moved to the front.</returns>
    private int TakeLines(Span<byte> read)
    {
        var rest = read;
        while (rest.IndexOf((byte)'\n') is var end and >= 0)
        {
            Take(rest[..end]);
            rest = rest[(end + 1)..];
        }

        rest.CopyTo(read);
        return rest.Length;
    }

    private int TakePiece(Span<byte> full)
    {
        var end = full.Length - 1;
        while (end > full.Length - 4 && (full[end] & 0xC0) == 0x80)
            end--;

        Take(full[..end]);
        full[end..].CopyTo(full);
        return full.Length - end;
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line.TrimEnd((byte)'\r'));
        if (text.Length == 0)
            return;

        Keep(text);
        var log = new StreamEvent(StreamEventKind.Log, Encoding.UTF8.GetBytes(text), _metadata);
        if (_logged + log.Size <= MaxLoggedBytes && context.TryPublish(log))
            _logged += log.Size;
        else
            _dropped++;
    }

    private void Keep(string line)
    {
        _last.Enqueue(line);
        _lastCharacters += line.Length;
        while (_last.Count > MaxKeptLines || (_lastCharacters > MaxKeptCharacters && _last.Count > 1))
            _lastCharacters -= _last.Dequeue().Length;
    }

    private async ValueTask ReportDroppedAsync()
    {
        if (_dropped == 0)
            return;

        try
        {
            var text = $"{_dropped} more lines of the process's standard error were dropped.";
            await context.PublishAsync(new(StreamEventKind.Log, Encoding.UTF8.GetBytes(text), _metadata), CancellationToken.None);
        }
        catch (PublishException)
        {
            // The task accepts no more events; its last event gives the reason.
        }
    }
}
