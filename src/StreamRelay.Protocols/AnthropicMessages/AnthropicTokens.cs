using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>Estimates the tokens of a request: one for every four bytes of text, of the tools and of documents, and a fixed number for media whose size in tokens the bytes do not show.</summary>
internal static class AnthropicTokens
{
    // As many as an image of the largest size takes that models look at whole, 1,600 tokens.
    private const long MediaBytes = 6400;

    /// <summary>The tokens of the messages and the tools.</summary>
    public static long Estimate(IEnumerable<ConversationMessage> messages, JsonElement? tools)
    {
        var bytes = messages.Sum(static message => message.Parts.Sum(Bytes)) + (tools is { } given ? JsonMarshal.GetRawUtf8Value(given).Length : 0);
        return TaskUsage.Estimate(bytes, 0).PromptTokens;
    }

    private static long Bytes(ConversationPart part) => part switch
    {
        TextPart text => Encoding.UTF8.GetByteCount(text.Text),
        ReasoningPart reasoning => Encoding.UTF8.GetByteCount(reasoning.Text),
        ToolCallPart call => Encoding.UTF8.GetByteCount(call.Name) + Encoding.UTF8.GetByteCount(call.Input),
        ToolResultPart result => result.Content.Sum(Bytes),
        MediaPart { Kind: MediaKind.File, Data: { } data } => (long)data.Length * 3 / 4,
        _ => MediaBytes,
    };
}
