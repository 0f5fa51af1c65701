using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>Collects what a model's server needs back of an assistant's message beside its text: the signatures of its reasoning, and fields that no protocol has.</summary>
internal sealed class AnthropicReasoning
{
    private readonly CollectedFields _extras = new();

    /// <summary>Adds what a block holds of it.</summary>
    public void Add(JsonElement block)
    {
        var extra = block.OptionalText("type") switch
        {
            "thinking" => AnthropicSignature.Read(block.OptionalText("thinking") ?? "", block.OptionalText("signature")),
            "redacted_thinking" => AnthropicSignature.ReadEncrypted(block.OptionalText("data")),
            "text" => block.OptionalObject("x_extra"),
            _ => null,
        };
        _extras.Add(UpstreamFields.ToExtras(extra));
    }

    /// <summary>The fields of the message; afterwards there are none.</summary>
    public IReadOnlyDictionary<string, JsonElement> TakeExtras() => _extras.Take();
}
