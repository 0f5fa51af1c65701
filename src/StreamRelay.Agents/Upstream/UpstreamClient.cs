using System.Net;
using System.Text.Json;
using Polly;
using Polly.Retry;
using StreamRelay.Agents.Upstream.Answers;

namespace StreamRelay.Agents.Upstream;

/// <summary>Sends requests to the server, and repeats those that fail for a temporary reason.</summary>
internal sealed class UpstreamClient : IDisposable
{
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly UpstreamSecrets _secrets;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;

    public UpstreamClient(UpstreamOptions options, UpstreamSecrets secrets, TimeProvider time)
    {
        // A redirect would give the prompt to a server that nobody configured.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = options.ConnectTimeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        _http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
        foreach (var (name, value) in options.AllHeaders)
            _http.DefaultRequestHeaders.Add(name, value);

        _secrets = secrets;
        _address = options.Api.Address(options);
        _retries = Retries(options, time);
    }

    /// <summary>Sends the request. The returned response is successful, and its body is not read yet.</summary>
    /// <param name="body">The request, as JSON.</param>
    /// <param name="key">The idempotency key, which is the same for every repetition of the request.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AgentException">The server rejected the request or cannot be reached.</exception>
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
            throw await RejectedAsync(answer, cancellationToken);
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

    private async ValueTask<AgentException> RejectedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;

        // The server's message about an invalid key may contain parts of the key.
        var reason = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? "" : await ReasonAsync(answer, cancellationToken);
        var end = reason.Length > 0 ? $": {reason}" : ".";
        return IsTransient(answer.StatusCode)
            ? new("upstream_unavailable", $"The upstream server keeps answering with status {status}{end}")
            : new("upstream_rejected", $"The upstream server refused the request with status {status}{end}");
    }

    private async ValueTask<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            return UpstreamError.Read(json.RootElement)?.SafeMessage(_secrets) ?? "";
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or IOException)
        {
            return "";
        }
    }

    private static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 429 or >= 500;

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
                    || (arguments.Outcome.Result is { } answer && IsTransient(answer.StatusCode))),
                DelayGenerator = arguments => new(RetryAfter(arguments.Outcome.Result)),
            }).Build();

    private static TimeSpan? RetryAfter(HttpResponseMessage? answer) =>
        answer?.Headers.RetryAfter?.Delta is { } delta && delta <= MaxRetryAfter ? delta : null;
}
