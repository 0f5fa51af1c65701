using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamRelay.Client.Errors;
using StreamRelay.Client.Http;
using StreamRelay.Client.Tasks;

namespace StreamRelay.Client.Push;

/// <summary>Pushes the events of one agent into a task. Its events are numbered, so that a push that is repeated over a cut connection is appended once. One call at a time.</summary>
public sealed class RelayProducer
{
    private readonly RelayConnection _connection;
    private readonly string _path;
    private readonly string _id = Guid.NewGuid().ToString("N");
    private long _next;
    private byte[]? _unanswered;

    internal RelayProducer(RelayConnection connection, string path) => (_connection, _path) = (connection, path);

    /// <summary>Appends events to the log of the task. They are durable when the call returns.</summary>
    /// <exception cref="RelayException">The task has ended, or an event is wrong.</exception>
    /// <exception cref="InvalidOperationException">The push before was cancelled or not answered, and these are other events: it may have been appended. Push the same events again, or open another producer.</exception>
    public async Task PushAsync(IReadOnlyList<NewEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count == 0)
            return;

        var body = JsonSerializer.SerializeToUtf8Bytes(new JsonArray([.. events.Select(next => next.ToJson())]), ClientJson.Default.JsonArray);
        if (_unanswered is { } sent && !sent.AsSpan().SequenceEqual(body))
            throw new InvalidOperationException("The push before this one was not answered. Push the same events again, which appends them once, or open another producer.");

        await SendAsync(body, cancellationToken);
        _next += events.Count;
    }

    /// <summary>Appends one event.</summary>
    /// <exception cref="RelayException">The task has ended, or the event is wrong.</exception>
    public Task PushAsync(NewEvent next, CancellationToken cancellationToken = default) => PushAsync([next], cancellationToken);

    private async Task SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        _unanswered = body;
        try
        {
            await _connection.SendAsync(() => Create(body), ClientJson.Default.JsonObject, cancellationToken);
            _unanswered = null;
        }
        catch (RelayException refusal) when (refusal is not RelayConnectionException)
        {
            _unanswered = null;
            throw;
        }
    }

    private HttpRequestMessage Create(byte[] body)
    {
        var request = _connection.Create(HttpMethod.Post, _path, new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } });
        request.Headers.Add("Producer-Id", _id);
        request.Headers.Add("Producer-Epoch", "0");
        request.Headers.Add("Producer-Seq", _next.ToString(CultureInfo.InvariantCulture));
        return request;
    }
}
