namespace StreamRelay.Events;

/// <summary>What <c>usage</c> says beyond the two counts. Fields that are missing, or of another form, are empty: they are unknown, not 0.</summary>
/// <param name="PromptDetails">What the tokens of the prompt were, such as <c>cached_tokens</c>: an object, as Chat Completions has it.</param>
/// <param name="CompletionDetails">What the tokens of the completion were, such as <c>reasoning_tokens</c>: an object, as Chat Completions has it.</param>
public readonly record struct UsageMetadata(ReadOnlyMemory<byte> PromptDetails, ReadOnlyMemory<byte> CompletionDetails)
{
    /// <summary>The tokens of the prompt that came from a cache; <see langword="null"/> when unknown.</summary>
    public long? CachedTokens => Count(PromptDetails, "cached_tokens"u8);

    /// <summary>The tokens of the prompt that were written to a cache; <see langword="null"/> when unknown. Servers have two names for them.</summary>
    public long? CacheWriteTokens => Count(PromptDetails, "cache_write_tokens"u8) ?? Count(PromptDetails, "cache_creation_tokens"u8);

    /// <summary>The tokens of the completion that were reasoning; <see langword="null"/> when unknown.</summary>
    public long? ReasoningTokens => Count(CompletionDetails, "reasoning_tokens"u8);

    /// <summary>Reads it.</summary>
    /// <exception cref="System.Text.Json.JsonException">The metadata is not a JSON object.</exception>
    public static UsageMetadata Read(StreamEvent usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        var result = default(UsageMetadata);
        var fields = new MetadataReader(usage.Metadata);
        while (fields.Read())
        {
            if (fields.Is("prompt_tokens_details"u8))
                result = result with { PromptDetails = fields.Json((byte)'{') };
            else if (fields.Is("completion_tokens_details"u8))
                result = result with { CompletionDetails = fields.Json((byte)'{') };
        }

        return result;
    }

    private static long? Count(ReadOnlyMemory<byte> details, ReadOnlySpan<byte> name)
    {
        var fields = new MetadataReader(details);
        while (fields.Read())
        {
            if (fields.Is(name))
                return fields.Count();
        }

        return null;
    }
}
