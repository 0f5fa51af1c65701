using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Polly;
using Polly.Retry;

namespace StreamRelay.Agents.Upstream;

/// <summary>Asks the server, repeating what was refused for a moment.</summary>
internal sealed class UpstreamClient : IDisposable
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;

    public UpstreamClient(UpstreamOptions options, TimeProvider time)
    {
        _http = new(new SocketsHttpHandler { ConnectTimeout = options.ConnectTimeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
        if (options.ApiKey.Length > 0)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);

        _address = new(options.BaseUrl.TrimEnd('/') + "/chat/completions");
        _retries = Retries(options, time);
    }

    /// <summary>The answer's stream of events.</summary>
    /// <param name="body">The request, as JSON.</param>
    /// <param name="key">Makes repetitions the same request for a server that looks at it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AgentException">The server refused, or cannot be reached.</exception>
    public async ValueTask<HttpResponseMessage> AskAsync(ReadOnlyMemory<byte> body, string key, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _retries.ExecuteAsync(async token => await SendAsync(body, key, token), cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new AgentException("upstream_unavailable", "The upstream server cannot be reached.", exception);
        }

        if (answer.IsSuccessStatusCode)
            return answer;

        using (answer)
            throw await RefusedAsync(answer, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(ReadOnlyMemory<byte> body, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Accept.Add(new("text/event-stream"));
        request.Headers.Add("Idempotency-Key", key);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static async ValueTask<AgentException> RefusedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        if (IsPassing(answer.StatusCode))
            return new("upstream_unavailable", $"The upstream server keeps answering with status {status}.");

        // What a server says of a key may hold parts of it.
        var reason = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? "" : await ReasonAsync(answer, cancellationToken);
        return new("upstream_rejected", $"The upstream server refused the request with status {status}{(reason.Length > 0 ? $": {reason}" : ".")}");
    }

    private static async ValueTask<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            return UpstreamError.Read(json.RootElement)?.Message ?? "";
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or IOException)
        {
            return "";
        }
    }

    private static bool IsPassing(HttpStatusCode status) => (int)status is 408 or 429 or >= 500;

    private static ResiliencePipeline<HttpResponseMessage> Retries(UpstreamOptions options, TimeProvider time) =>
        options.MaxRetries == 0
            ? ResiliencePipeline<HttpResponseMessage>.Empty
            : new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.MaxRetries,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => new(arguments.Outcome.Exception is HttpRequestException or IOException or TaskCanceledException { InnerException: TimeoutException }
                    || (arguments.Outcome.Result is { } answer && IsPassing(answer.StatusCode))),
                DelayGenerator = arguments => new(RetryAfter(arguments.Outcome.Result)),
            }).Build();

    private static TimeSpan? RetryAfter(HttpResponseMessage? answer) =>
        answer?.Headers.RetryAfter?.Delta is { } delta && delta <= LongestRetryAfter ? delta : null;
}
