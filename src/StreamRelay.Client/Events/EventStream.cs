using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StreamRelay.Client.Errors;
using StreamRelay.Client.Http;

namespace StreamRelay.Client.Events;

/// <summary>The events of a task over as many connections as it takes.</summary>
internal sealed class EventStream(RelayConnection connection, string taskId, string? after)
{
    private readonly Retries _retries = new(connection.Policy);
    private string? _position = after;
    private long? _sequence = SequenceOf(after);
    private EventConnection? _current;

    /// <summary>Reads until the task's terminator has come: the end of a connection is never the end.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="after">The position to start after; <see langword="null"/> for the beginning.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<RelayEvent> ReadAsync(RelayConnection connection, string taskId, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = new EventStream(connection, taskId, after);
        try
        {
            while (await stream.NextAsync(cancellationToken) is { } next)
                yield return next;
        }
        finally
        {
            await stream.CloseAsync();
        }
    }

    private static long? SequenceOf(string? position) =>
        position is null ? 0 : long.TryParse(position.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : null;

    private async Task<RelayEvent?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Exception failure;
            try
            {
                _current ??= await EventConnection.OpenAsync(connection, taskId, _position, cancellationToken);
                if (_current is null)
                    return null;
                if (await _current.ReadAsync() is { } frame)
                    return Read(frame);

                failure = new IOException("The connection ended before the task did.");
            }
            catch (Exception exception) when (Retries.IsTransient(exception))
            {
                failure = exception;
            }

            await ReconnectAsync(failure, cancellationToken);
        }
    }

    private async Task ReconnectAsync(Exception failure, CancellationToken cancellationToken)
    {
        if (_current?.WasStable is true)
            _retries.Reset();
        if (_current?.Retry is { } delay)
            _retries.Delay = delay;

        await CloseAsync();
        await _retries.WaitAsync(failure, cancellationToken);
    }

    /// <returns><see langword="null"/> for the terminator.</returns>
    private RelayEvent? Read(SseItem<string> frame)
    {
        var json = Parse(frame.Data);
        if (IsTerminator(json))
            return null;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("sequence", out var sequence) || sequence.ValueKind != JsonValueKind.Number)
            throw new RelayException($"Task {taskId} sent a frame that is no event: {frame.Data}");

        var next = new RelayEvent(frame.EventId ?? "", json);
        if (_sequence is { } last && next.Sequence != last + 1)
            throw new RelayGapException($"Event {next.Sequence} of task {taskId} came after event {last}.", last);

        (_position, _sequence) = (next.Id, next.Sequence);
        _retries.Reset();
        return next;
    }

    private static bool IsTerminator(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("connection_end");

    private JsonElement Parse(string data)
    {
        try
        {
            return JsonElement.Parse(data);
        }
        catch (JsonException exception)
        {
            throw new RelayException($"Task {taskId} sent a frame that is not JSON.", exception);
        }
    }

    private async ValueTask CloseAsync()
    {
        if (_current is { } open)
            await open.DisposeAsync();

        _current = null;
    }
}
