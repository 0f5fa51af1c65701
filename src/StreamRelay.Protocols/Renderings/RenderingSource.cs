using System.Runtime.CompilerServices;
using StreamRelay.Events;
using StreamRelay.Protocols.Sse;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Renderings;

/// <summary>A task's entries from the first one on, encoded one by one. Used in one rendering's turns only.</summary>
internal sealed class RenderingSource(StreamManager streams, TaskRequest request, IStreamProtocol protocol) : IDisposable
{
    private readonly StreamCursor _cursor = streams.Read(request.Id, 0);
    private readonly IStreamEncoder _encoder = protocol.CreateEncoder(request);
    private readonly SseWriter _writer = new();
    private ReadOnlyMemory<StreamEntry> _page;
    private int _next;
    private ValueTaskAwaiter<ReadOnlyMemory<StreamEntry>> _read;
    private bool _reading;
    private long _pageBytes;

    /// <summary>Called, from any thread, when <see cref="TryEncode"/> may succeed again.</summary>
    public Action Ready { get; set; } = static () => { };

    /// <summary>Whether the terminal entry was encoded.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Whether the task failed.</summary>
    public bool HasTaskFailed { get; private set; }

    /// <summary>Why no more can be encoded, or <see langword="null"/>.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The same task in the same protocol, from its first entry.</summary>
    public RenderingSource Again() => new(streams, request, protocol);

    /// <summary>Encodes the next entry.</summary>
    /// <returns><see langword="false"/> when there is none now. <see cref="Ready"/> is called when there is one, unless the task has ended or the source has failed.</returns>
    public bool TryEncode(out ReadOnlySpan<byte> frames, out int count)
    {
        frames = default;
        count = 0;
        if (IsCompleted || Failure is not null)
            return false;

        try
        {
            if (_next == _page.Length && !TryReadPage())
                return false;

            ref readonly var entry = ref _page.Span[_next++];
            _writer.Begin(entry.Offset);
            _encoder.Encode(in entry, _writer);
            count = _writer.Count;
            frames = _writer.Written;
            IsCompleted = entry.Event.Kind.IsTerminal();
            HasTaskFailed = entry.Event.Kind == StreamEventKind.Error;
            if (IsCompleted)
                Dispose();

            return true;
        }
        catch (Exception exception)
        {
            Failure = exception;
            return false;
        }
    }

    /// <summary>Ends reading. May be called twice.</summary>
    public void Dispose()
    {
        _cursor.Dispose();
        CountPage(default);
    }

    private bool TryReadPage()
    {
        _next = 0;
        CountPage(default);
        if (!_reading && _cursor.TryRead(out _page))
            return true;

        if (!_reading)
            BeginRead();
        if (!_read.IsCompleted)
            return false;

        _reading = false;
        CountPage(_read.GetResult());
        return !_page.IsEmpty;
    }

    /// <summary>Takes a page that was read from the log, and counts it as long as it is held.</summary>
    private void CountPage(ReadOnlyMemory<StreamEntry> page)
    {
        var before = _pageBytes;
        _page = page;
        _pageBytes = 0;
        foreach (ref readonly var entry in page.Span)
            _pageBytes += entry.Event.Cost;

        if (_pageBytes != before)
            streams.Memory.Add(_pageBytes - before);
    }

    private void BeginRead()
    {
#pragma warning disable CA2012 // Consumed exactly once, in TryReadPage
        _read = _cursor.ReadAsync(CancellationToken.None).GetAwaiter();
#pragma warning restore CA2012
        _reading = true;
        if (!_read.IsCompleted)
            _read.UnsafeOnCompleted(Ready);
    }
}
