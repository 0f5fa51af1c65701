namespace StreamRelay.Events;

/// <summary>The metadata of <c>output</c> and <c>thought</c>. Fields that are missing, or of another form, are empty.</summary>
/// <param name="IsRefusal">Whether the text says that the model refuses.</param>
/// <param name="Logprobs">The probabilities of the tokens: an object with the lists <c>content</c> and <c>refusal</c>, as Chat Completions has it.</param>
/// <param name="Annotations">What the text cites: a list, as Chat Completions has it.</param>
/// <param name="Extra">Fields of the model's server that no protocol has, such as signatures: an object.</param>
public readonly record struct TextMetadata(bool IsRefusal, ReadOnlyMemory<byte> Logprobs, ReadOnlyMemory<byte> Annotations, ReadOnlyMemory<byte> Extra)
{
    /// <summary>Whether there is something beside the text.</summary>
    public bool IsEmpty => Logprobs.IsEmpty && Annotations.IsEmpty && Extra.IsEmpty;

    /// <summary>Reads it.</summary>
    /// <exception cref="System.Text.Json.JsonException">The metadata is not a JSON object.</exception>
    public static TextMetadata Read(StreamEvent text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = default(TextMetadata);
        var fields = new MetadataReader(text.Metadata);
        while (fields.Read())
        {
            if (fields.Is("refusal"u8))
                result = result with { IsRefusal = fields.Flag() };
            else if (fields.Is("logprobs"u8))
                result = result with { Logprobs = fields.Json((byte)'{') };
            else if (fields.Is("annotations"u8))
                result = result with { Annotations = fields.Json((byte)'[') };
            else if (fields.Is("extra"u8))
                result = result with { Extra = fields.Json((byte)'{') };
        }

        return result;
    }
}
