namespace StreamRelay.Events;

/// <summary>The metadata of <c>observation</c>. Fields that are missing are empty.</summary>
/// <param name="ToolCallId">The call that the result belongs to.</param>
/// <param name="Output">The result, as JSON.</param>
/// <param name="IsError">Whether the tool failed.</param>
public readonly record struct ObservationMetadata(string ToolCallId, ReadOnlyMemory<byte> Output, bool IsError)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="System.Text.Json.JsonException">The metadata is not a JSON object.</exception>
    public static ObservationMetadata Read(StreamEvent observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        var result = new ObservationMetadata("", default, false);
        var fields = new MetadataReader(observation.Metadata);
        while (fields.Read())
        {
            if (fields.Is("tool_call_id"u8))
                result = result with { ToolCallId = fields.Text() };
            else if (fields.Is("output"u8))
                result = result with { Output = fields.Json() };
            else if (fields.Is("is_error"u8))
                result = result with { IsError = fields.Flag() };
        }

        return result;
    }
}
