using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StreamRelay.Client.Errors;

namespace StreamRelay.Client.Http;

/// <summary>Sends requests to one server, and repeats those whose answer did not arrive.</summary>
internal sealed class RelayConnection(HttpClient http, Uri address, string? apiKey, RetryPolicy policy) : IDisposable
{
    /// <summary>The address of the server; ends with a slash.</summary>
    public Uri Address => address;

    /// <summary>How requests are repeated.</summary>
    public RetryPolicy Policy => policy;

    /// <summary>A request for a path below the address of the server.</summary>
    public HttpRequestMessage Create(HttpMethod method, string path, HttpContent? content = null) => new(method, new Uri(address, path)) { Content = content };

    /// <summary>Sends a request until it is answered, and reads the answer.</summary>
    /// <param name="create">Creates the request, once for each time that it is sent.</param>
    /// <param name="type">The type of the answer.</param>
    /// <param name="cancellationToken">Ends the call; what the server has begun goes on.</param>
    public Task<T> SendAsync<T>(Func<HttpRequestMessage> create, JsonTypeInfo<T> type, CancellationToken cancellationToken) => RepeatAsync(async () =>
    {
        using var request = create();
        using var answer = await SendOnceAsync(request, cancellationToken);
        try
        {
            var body = await InTimeAsync(token => answer.Content.ReadAsByteArrayAsync(token), cancellationToken);
            return JsonSerializer.Deserialize(body, type) ?? throw NotTheProtocol(answer);
        }
        catch (JsonException)
        {
            throw NotTheProtocol(answer);
        }
    }, cancellationToken);

    /// <summary>Repeats an action until it ends without a failure that a repetition can mend.</summary>
    public async Task<T> RepeatAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        var retries = new Retries(policy);
        while (true)
        {
            try
            {
                return await action();
            }
            catch (Exception failure) when (Retries.IsTransient(failure))
            {
                await retries.WaitAsync(failure, cancellationToken);
            }
        }
    }

    /// <summary>Sends a request once, and returns when the headers of the answer are here.</summary>
    /// <exception cref="RelayException">The answer is no success.</exception>
    /// <exception cref="TimeoutException">There was no answer within the silence timeout.</exception>
    public async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (apiKey is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);

        var answer = await InTimeAsync(token => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
        if (answer.IsSuccessStatusCode)
            return answer;

        using (answer)
            throw await InTimeAsync(token => ClientErrors.ReadAsync(answer, policy.Time, token), cancellationToken);
    }

    /// <summary>The error for an answer that no StreamRelay server gives.</summary>
    public static RelayException NotTheProtocol(HttpResponseMessage answer) =>
        new($"{answer.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path)} answered with {answer.Content.Headers.ContentType?.MediaType ?? "no content"}. Is this the address of a StreamRelay server?")
        {
            StatusCode = answer.StatusCode,
        };

    public void Dispose() => http.Dispose();

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(policy.SilenceTimeout, policy.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await action(either.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"{address} did not answer within {policy.SilenceTimeout}.", exception);
        }
    }
}
