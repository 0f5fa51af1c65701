using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Agents.Upstream;

/// <summary>Options of an agent that relays a model of another server. Section <c>StreamRelay:Agents:&lt;name&gt;</c> with <c>Type: upstream</c>.</summary>
public sealed class UpstreamOptions : IValidatableObject
{
    private const string Authorization = "Authorization";
    private const string VersionHeader = "anthropic-version";
    private const string Version = "2023-06-01";
    private const string AnyKey = "key";

    private static readonly string[] Reserved = ["Accept", "Connection", "Expect", "Host", "Idempotency-Key", "TE", "Transfer-Encoding", "Upgrade"];

    /// <summary>The API of the server. Default <see cref="UpstreamApi.Chat"/>.</summary>
    public UpstreamApi Api { get; set; }

    /// <summary>The base URL of the server, such as <c>https://api.openai.com/v1</c>. Required.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>The key that is sent to the server. Default none.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>The header that the key is sent in, such as <c>api-key</c> for Azure. In <c>Authorization</c> it is a bearer token.
    /// Default: <c>Authorization</c>; with <see cref="UpstreamApi.Messages"/> <c>x-api-key</c>.</summary>
    public string ApiKeyHeader { get; set; } = "";

    /// <summary>Headers of every request, such as <c>anthropic-beta</c>. Default none; with <see cref="UpstreamApi.Messages"/> <c>anthropic-version: 2023-06-01</c>,
    /// unless another version is given.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Values in the query of every request, such as <c>api-version</c>. Default none.</summary>
    public IDictionary<string, string> Query { get; } = new Dictionary<string, string>();

    /// <summary>The most tokens of an answer where a request names no limit. Used with <see cref="UpstreamApi.Messages"/> alone, which requires one. Default 8192.</summary>
    [Range(1, 10_000_000)]
    public int MaxTokens { get; set; } = 8192;

    /// <summary>The name of the model. Required.</summary>
    public string Model { get; set; } = "";

    /// <summary>How long connecting may take. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the first piece of an answer may take. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan FirstTokenTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long each further piece may take. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan TokenTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a request is repeated after a temporary failure (408, 429, 5xx, no connection). A request is not repeated after the first piece of its answer. Default 3.</summary>
    [Range(0, 10)]
    public int MaxRetries { get; set; } = 3;

    /// <summary>The pause before the first repetition, unless the server sends <c>Retry-After</c>; the pause doubles with each repetition. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The headers of every request, the key included.</summary>
    internal IEnumerable<KeyValuePair<string, string>> AllHeaders
    {
        get
        {
            if (Api == UpstreamApi.Messages && !Headers.ContainsKey(VersionHeader))
                yield return new(VersionHeader, Version);
            if (ApiKey.Length > 0)
                yield return new(KeyHeader, KeyValue);

            foreach (var header in Headers)
                yield return header;
        }
    }

    private string KeyHeader => ApiKeyHeader.Length > 0 ? ApiKeyHeader : Api == UpstreamApi.Messages ? "x-api-key" : Authorization;

    private string KeyValue => KeyHeader.Equals(Authorization, StringComparison.OrdinalIgnoreCase) ? $"Bearer {ApiKey}" : ApiKey;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!(Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            yield return new("It must be an http or https address, such as https://api.openai.com/v1.", [nameof(BaseUrl)]);
        else if (url.Query.Length + url.Fragment.Length > 0)
            yield return new($"It has a query or a fragment. Set {nameof(Query)}:<name> for each value of the query.", [nameof(BaseUrl)]);
        if (Model.Length == 0)
            yield return new("It is required: the model to ask the server for.", [nameof(Model)]);
        if (ApiKey.Length > 0 && Headers.ContainsKey(KeyHeader))
            yield return new($"The key is sent in this header. Set {nameof(ApiKey)} or the header, not both.", [$"{nameof(Headers)}:{KeyHeader}"]);
        if (ApiKeyHeader.Length > 0 && !IsHeader(ApiKeyHeader, AnyKey))
            yield return new("It is no name of a header that can hold a key.", [nameof(ApiKeyHeader)]);
        else if (ApiKey.Length > 0 && !IsHeader(KeyHeader, KeyValue))
            yield return new("It has characters that a header cannot hold, such as a line break.", [nameof(ApiKey)]);

        foreach (var (name, value) in Headers.Where(static header => !IsHeader(header.Key, header.Value)))
            yield return new("It is no header that a request may have.", [$"{nameof(Headers)}:{name}"]);
    }

    private static bool IsHeader(string name, string value)
    {
        using var request = new HttpRequestMessage();
        try
        {
            request.Headers.Add(name, value);
            return value.All(IsHeaderCharacter) && !Reserved.Contains(name, StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether it can be sent. Other characters are refused when a request is sent, and not when its header is set.</summary>
    private static bool IsHeaderCharacter(char character) => character is '\t' or (>= ' ' and <= '~');
}
