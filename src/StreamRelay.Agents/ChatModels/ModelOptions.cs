using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Agents.ChatModels;

/// <summary>The language model that agents use, on any OpenAI-compatible server. Section <c>StreamRelay:Model</c>.</summary>
public sealed class ModelOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Model";

    /// <summary>The base URL of the server, such as <c>http://localhost:11434/v1</c>. Default: <c>OPENAI_BASE_URL</c>; when only a key is set, the URL of OpenAI.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>The key of the server. Default: <c>OPENAI_API_KEY</c>.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>The name of the model. Default <c>gpt-4o-mini</c>.</summary>
    [Required]
    public string Model { get; set; } = "gpt-4o-mini";

    /// <summary>How long the first piece of an answer may take. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan FirstTokenTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long each further piece may take. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan TokenTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a failed request is repeated. A request is not repeated after the first piece of its answer. Default 3.</summary>
    [Range(0, 10)]
    public int MaxRetries { get; set; } = 3;

    /// <summary>The pause before the first repetition; the pause doubles with each repetition. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether a model is configured.</summary>
    public bool IsConfigured => BaseUrl.Length > 0 || ApiKey.Length > 0;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BaseUrl.Length > 0 && !(Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            yield return new($"{Section}:BaseUrl must be an http or https address, such as http://localhost:11434/v1.");
    }
}
