using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using StreamRelay.Client.Errors;
using StreamRelay.Client.Events;
using StreamRelay.Client.Http;
using StreamRelay.Client.Push;
using StreamRelay.Client.Tasks;

namespace StreamRelay.Client;

/// <summary>A StreamRelay server: starts, reads, stops, lists and deletes tasks. It can be used by any number of threads.</summary>
/// <remarks>
/// Requests whose answer did not arrive are repeated, with growing waits, until <see cref="StreamRelayClientOptions.ProgressTimeout"/>. Every method throws
/// <see cref="RelayUnauthorizedException"/> for a key that the server does not accept, <see cref="RelayNotFoundException"/> for what does not exist,
/// <see cref="RelayConnectionException"/> when the server cannot be reached for that time, and <see cref="RelayException"/> for every other refusal.
/// </remarks>
public sealed partial class StreamRelayClient : IDisposable
{
    private const int LongestWait = 25;

    private readonly bool _ownsHttp;

    /// <summary>Creates a client with connections of its own.</summary>
    /// <param name="address">The address of the server, such as <c>http://127.0.0.1:7860</c>, with the path that it is mapped to.</param>
    /// <param name="apiKey">The key; <see langword="null"/> for a server without keys.</param>
    /// <param name="options">How long to try; default <see cref="StreamRelayClientOptions"/>.</param>
    public StreamRelayClient(Uri address, string? apiKey = null, StreamRelayClientOptions? options = null)
        : this(new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15), PooledConnectionLifetime = TimeSpan.FromMinutes(5) }), address, apiKey, options) =>
        _ownsHttp = true;

    /// <summary>Creates a client that sends its requests with an <see cref="HttpClient"/>, which is not disposed with it.</summary>
    /// <param name="http">Has the address of the server as <see cref="HttpClient.BaseAddress"/>, and authenticates by its headers or handlers where the server asks for it.</param>
    /// <param name="options">How long to try; default <see cref="StreamRelayClientOptions"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="http"/> has no base address.</exception>
    public StreamRelayClient(HttpClient http, StreamRelayClientOptions? options = null)
        : this(http, http?.BaseAddress ?? throw new ArgumentException("Set BaseAddress to the address of the server.", nameof(http)), null, options)
    {
    }

    private StreamRelayClient(HttpClient http, Uri address, string? apiKey, StreamRelayClientOptions? options)
    {
        options ??= new();
        var root = new UriBuilder(address) { Query = "", Fragment = "" };
        if (!root.Path.EndsWith('/'))
            root.Path += "/";

        Connection = new(http, root.Uri, apiKey, new(options.ProgressTimeout, options.SilenceTimeout, options.MaxRetryDelay, options.TimeProvider));
    }

    /// <summary>The address of the server.</summary>
    public Uri Address => Connection.Address;

    internal RelayConnection Connection { get; }

    /// <summary>Starts an agent with a text.</summary>
    /// <returns>The task, which can be read from then on.</returns>
    public Task<RelayTask> StartAsync(string agent, string input, CancellationToken cancellationToken = default) => StartAsync(new(agent, JsonValue.Create(input)), cancellationToken);

    /// <summary>Starts an agent. A start that is repeated because its answer did not arrive has the same idempotency key, and so never runs twice.</summary>
    /// <returns>The task, which can be read from then on.</returns>
    /// <exception cref="RelayException">422 (<see cref="RelayException.StatusCode"/>): the idempotency key was used with another content.</exception>
    public Task<RelayTask> StartAsync(RelayTaskStart start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        var (body, key) = (start.ToJson(), start.IdempotencyKey ?? NewKey());
        return Connection.SendAsync(() => Post("v1/tasks", body, key), ClientJson.Default.RelayTask, cancellationToken);
    }

    /// <summary>One task as it is now.</summary>
    public Task<RelayTask> GetAsync(string taskId, CancellationToken cancellationToken = default) =>
        Connection.SendAsync(() => Connection.Create(HttpMethod.Get, TaskPath(taskId)), ClientJson.Default.RelayTask, cancellationToken);

    /// <summary>Waits for the end of a task, however long it runs.</summary>
    /// <returns>The task: completed, failed or stopped.</returns>
    public async Task<RelayTask> WaitAsync(string taskId, CancellationToken cancellationToken = default)
    {
        // The server answers before the silence of the connection is too long.
        var seconds = (int)Math.Clamp(Connection.Policy.SilenceTimeout.TotalSeconds / 2, 1, LongestWait);
        while (true)
        {
            var task = await Connection.SendAsync(() => Connection.Create(HttpMethod.Get, $"{TaskPath(taskId)}?wait={seconds}"), ClientJson.Default.RelayTask, cancellationToken);
            if (task.IsEnded)
                return task;
        }
    }

    /// <summary>Reads the events of a task, each once and in order, while it runs and afterwards. Connections that end or are cut are resumed; the enumeration ends after the event that ends the task, and at no other time.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="after">The <see cref="RelayEvent.Id"/> of the last event that was read before; <see langword="null"/> for the beginning.</param>
    /// <param name="cancellationToken">Ends the reading. The task goes on: a disconnect is not a stop.</param>
    /// <exception cref="RelayGapException">The next event cannot be read any more.</exception>
    public IAsyncEnumerable<RelayEvent> ReadAsync(string taskId, string? after = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return EventStream.ReadAsync(Connection, taskId, after, cancellationToken);
    }

    /// <summary>Stops a task, and keeps its output. Stopping twice, or after the end, changes nothing.</summary>
    /// <returns>The task.</returns>
    public Task<RelayTask> StopAsync(string taskId, CancellationToken cancellationToken = default) =>
        Connection.SendAsync(() => Connection.Create(HttpMethod.Post, $"{TaskPath(taskId)}/stop"), ClientJson.Default.RelayTask, cancellationToken);

    /// <summary>The caller's tasks, newest first, page after page.</summary>
    /// <param name="filter">Which tasks; default all.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<RelayTask> ListAsync(RelayTaskFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? before = null;
        do
        {
            var query = (filter ?? new()).ToQuery(before);
            var page = await Connection.SendAsync(() => Connection.Create(HttpMethod.Get, $"v1/tasks?{query}"), ClientJson.Default.RelayPageRelayTask, cancellationToken);
            foreach (var task in page.Data)
                yield return task;

            before = page.HasMore ? page.Next : null;
        }
        while (before is not null);
    }

    /// <summary>Stops a task if it runs, and deletes it with its events and files.</summary>
    /// <returns><see langword="false"/> when there is no such task, or not any more.</returns>
    public async Task<bool> DeleteAsync(string taskId, CancellationToken cancellationToken = default)
    {
        try
        {
            await Connection.SendAsync(() => Connection.Create(HttpMethod.Delete, TaskPath(taskId)), ClientJson.Default.JsonObject, cancellationToken);
            return true;
        }
        catch (RelayNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Opens a producer of events for a task whose agent pushes them.</summary>
    public RelayProducer OpenProducer(string taskId)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return new(Connection, $"{TaskPath(taskId)}/events");
    }

    /// <summary>Closes the connections, unless they belong to an <see cref="HttpClient"/> that was passed.</summary>
    public void Dispose()
    {
        if (_ownsHttp)
            Connection.Dispose();
    }

    internal static string NewKey() => Guid.NewGuid().ToString("N");

    internal HttpRequestMessage Post(string path, byte[] body, string idempotencyKey)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var request = Connection.Create(HttpMethod.Post, path, content);
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        return request;
    }

    private static string TaskPath(string taskId)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return $"v1/tasks/{Uri.EscapeDataString(taskId)}";
    }
}
