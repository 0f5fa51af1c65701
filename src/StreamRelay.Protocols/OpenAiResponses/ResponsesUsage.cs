using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>The tokens that a response used.</summary>
/// <param name="Tokens">The counts.</param>
/// <param name="Details">What they consist of, as far as it is known.</param>
internal sealed record ResponsesUsage(TaskUsage Tokens, UsageMetadata Details)
{
    /// <summary>Writes <c>usage</c>. The objects of details are always there, with the counts that are known: clients read into them.</summary>
    public void Write(ref FrameJson json)
    {
        json.BeginObject("usage"u8);
        json.Number("input_tokens"u8, Tokens.PromptTokens);
        json.Value("input_tokens_details"u8, OrEmpty(Details.PromptDetails));
        json.Number("output_tokens"u8, Tokens.CompletionTokens);
        json.Value("output_tokens_details"u8, OrEmpty(Details.CompletionDetails));
        json.Number("total_tokens"u8, Tokens.TotalTokens);
        json.EndObject();
    }

    private static ReadOnlySpan<byte> OrEmpty(ReadOnlyMemory<byte> details) => details.IsEmpty ? "{}"u8 : details.Span;
}
