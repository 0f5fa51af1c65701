using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>Anthropic Messages, streaming: the blocks of one message, each whole before the next begins, between <c>message_start</c> and <c>message_stop</c>.</summary>
public sealed class AnthropicProtocol : IStreamProtocol
{
    /// <summary>The one instance.</summary>
    public static AnthropicProtocol Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "anthropic-messages";

    /// <inheritdoc/>
    public bool AutoReconnects => false;

    /// <inheritdoc/>
    public bool AbortsOnFailure => false;

    /// <inheritdoc/>
    public IStreamEncoder CreateEncoder(TaskRequest request) => new AnthropicEncoder(request);
}
