using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>The AI SDK's UI message stream, version 1, in the fields that its versions 5, 6 and 7 all accept. A resumed stream begins again, with the same message id.</summary>
public sealed class AiSdkProtocol : IStreamProtocol
{
    /// <summary>The one instance.</summary>
    public static AiSdkProtocol Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "ai-sdk";

    /// <inheritdoc/>
    public bool AutoReconnects => false;

    /// <inheritdoc/>
    public bool AbortsOnFailure => false;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Headers { get; } = new Dictionary<string, string> { ["x-vercel-ai-ui-message-stream"] = "v1" };

    /// <inheritdoc/>
    public IStreamEncoder CreateEncoder(TaskRequest request) => new AiSdkEncoder(request);
}
