using System.Text.Json;

namespace StreamRelay.Tasks;

/// <summary>Tokens used by a task.</summary>
/// <param name="PromptTokens">Tokens read by the model.</param>
/// <param name="CompletionTokens">Tokens written by the model.</param>
/// <param name="Estimated">Whether the numbers are estimates of this server (bytes / 4), not the model's.</param>
public sealed record TaskUsage(long PromptTokens, long CompletionTokens, bool Estimated)
{
    private const int BytesPerToken = 4;

    /// <summary>The sum of both.</summary>
    public long TotalTokens => PromptTokens + CompletionTokens;

    /// <summary>Estimates tokens from bytes of text: one for every four, rounded up.</summary>
    public static TaskUsage Estimate(long promptBytes, long completionBytes) =>
        new((promptBytes + BytesPerToken - 1) / BytesPerToken, (completionBytes + BytesPerToken - 1) / BytesPerToken, true);

    /// <summary>Reads the metadata of a <c>usage</c> event; a missing number counts as 0.</summary>
    public static TaskUsage FromMetadata(ReadOnlyMemory<byte> metadata)
    {
        if (metadata.IsEmpty)
            return new(0, 0, false);

        using var json = JsonDocument.Parse(metadata);
        return new(Number(json.RootElement, "prompt_tokens"), Number(json.RootElement, "completion_tokens"),
            json.RootElement.TryGetProperty("estimated", out var estimated) && estimated.ValueKind == JsonValueKind.True);
    }

    private static long Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
