using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>OpenAI Chat Completions, streaming: <c>chat.completion.chunk</c> objects, then <c>[DONE]</c>.</summary>
public sealed class OpenAiChatProtocol : IStreamProtocol
{
    /// <summary>The one instance.</summary>
    public static OpenAiChatProtocol Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "openai-chat";

    /// <inheritdoc/>
    public bool AutoReconnects => false;

    /// <inheritdoc/>
    public bool AbortsOnFailure => true;

    /// <inheritdoc/>
    public IStreamEncoder CreateEncoder(TaskRequest request) => new OpenAiChatEncoder(request);
}
