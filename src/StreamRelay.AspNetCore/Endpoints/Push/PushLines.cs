using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>Reads a body line by line, each a JSON object, until the body ends. Empty lines are heartbeats.</summary>
internal sealed class PushLines(PipeReader body, int maxBytes)
{
    private RequestException? _fault;
    private int _count;
    private bool _isCancelled;

    /// <summary>Whether the body had more to come when the last line was read.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether the whole body is here, so that reading it does not wait.</summary>
    public bool HaveArrived()
    {
        if (!body.TryRead(out var read))
            return false;

        body.AdvanceTo(read.Buffer.Start);
        return read.IsCompleted;
    }

    /// <summary>Ends the body: the next read returns its end.</summary>
    public void Cancel() => body.CancelPendingRead();

    /// <summary>The next events that have arrived.</summary>
    /// <returns><see langword="null"/> at the end of the body, or when it was cancelled.</returns>
    /// <exception cref="RequestException">400 or 413: a line is no event, or too long.</exception>
    public async ValueTask<IReadOnlyList<StreamEvent>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (_fault is null && !_isCancelled)
        {
            var read = await body.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            (_isCancelled, IsCut) = (read.IsCanceled, !read.IsCompleted);
            List<StreamEvent> events = [];
            try
            {
                while (_fault is null && TryTakeLine(ref rest, read.IsCompleted, out var line))
                    Add(line, events);
            }
            finally
            {
                body.AdvanceTo(rest.Start, read.Buffer.End);
            }

            if (events.Count > 0)
                return events;
            if (_fault is null && read.IsCompleted)
                return null;
            if (rest.Length > maxBytes)
                _fault = new RequestException(413, new($"Line {_count + 1} is longer than {maxBytes} bytes.", "invalid_request_error", null, "event_too_large"));
        }

        return _fault is null ? null : throw _fault;
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        line = rest;
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        if (!isLast || rest.IsEmpty)
            return false;

        rest = rest.Slice(rest.End);
        return true;
    }

    private void Add(in ReadOnlySequence<byte> line, List<StreamEvent> events)
    {
        _count++;
        if (IsBlank(line))
            return;

        // The fault is thrown after the events before it have been pushed.
        try
        {
            events.Add(PushEvents.ReadLine(line.IsSingleSegment ? line.FirstSpan : line.ToArray(), _count));
        }
        catch (RequestException exception)
        {
            _fault = exception;
        }
        catch (JsonException)
        {
            _fault = RequestException.Invalid($"Line {_count} is not valid JSON.", $"line {_count}", "invalid_json");
        }
    }

    private static bool IsBlank(in ReadOnlySequence<byte> line) => line.Length <= 1 && (line.IsEmpty || line.FirstSpan[0] is (byte)'\r' or (byte)' ');
}
