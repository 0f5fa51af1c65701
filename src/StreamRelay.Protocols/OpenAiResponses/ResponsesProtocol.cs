using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>OpenAI Responses, streaming: typed events with <c>sequence_number</c>, by which clients resume.</summary>
public sealed class ResponsesProtocol : IStreamProtocol
{
    /// <summary>The one instance.</summary>
    public static ResponsesProtocol Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "openai-responses";

    /// <inheritdoc/>
    public bool AutoReconnects => false;

    /// <inheritdoc/>
    public bool AbortsOnFailure => false;

    /// <inheritdoc/>
    public IStreamEncoder CreateEncoder(TaskRequest request) => new ResponsesEncoder(request);
}
