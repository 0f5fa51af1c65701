using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Agents.Upstream;

/// <summary>Options of an agent that relays a model of an OpenAI-compatible server. Section <c>StreamRelay:Agents:&lt;name&gt;</c> with <c>Type: upstream</c>.</summary>
public sealed class UpstreamOptions
{
    /// <summary>The base URL of the server, such as <c>https://api.openai.com/v1</c>. Required.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>The key that is sent to the server. Default none.</summary>
    public string ApiKey { get; set; } = "";

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
}
