using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Posts messages. It keeps no cookies, follows no redirects and uses no proxy, because a redirect or a proxy would connect to addresses that were not checked.</summary>
internal sealed class WebhookClient : IDisposable
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly ProductInfoHeaderValue UserAgent = new("StreamRelay", typeof(WebhookClient).Assembly.GetName().Version!.ToString(3));

    private readonly HttpMessageInvoker _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public WebhookClient(IOptions<WebhookOptions> options, TimeProvider time)
    {
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectTimeout = options.Value.Timeout,
            ConnectCallback = options.Value.AllowPrivate ? null : PublicConnection.OpenAsync,
        });
        _timeout = options.Value.Timeout;
        _time = time;
    }

    /// <summary>Makes one attempt, signed for now.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<WebhookReply> PostAsync(WebhookEndpoint endpoint, string id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = Request(endpoint, id, body);
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var answer = await _http.SendAsync(request, either.Token);
            return new(answer.StatusCode, string.Create(CultureInfo.InvariantCulture, $"status {(int)answer.StatusCode}"));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, $"no response within {_timeout}");
        }
        catch (HttpRequestException exception)
        {
            return new(null, exception.GetBaseException().Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(WebhookEndpoint endpoint, string id, ReadOnlyMemory<byte> body)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.UserAgent.Add(UserAgent);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSecret.Sign(endpoint.Key, id, timestamp, body.Span));
        return request;
    }
}
