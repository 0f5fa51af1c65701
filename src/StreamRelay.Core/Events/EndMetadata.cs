namespace StreamRelay.Events;

/// <summary>The metadata of <c>end</c>.</summary>
/// <param name="IsStopped">Whether the task was stopped; else it completed.</param>
/// <param name="FinishReason"><c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>, or the word of a model's server that is none of them; empty when it is missing.</param>
public readonly record struct EndMetadata(bool IsStopped, string FinishReason)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="System.Text.Json.JsonException">The metadata is not a JSON object.</exception>
    public static EndMetadata Read(StreamEvent end)
    {
        ArgumentNullException.ThrowIfNull(end);
        var result = new EndMetadata(false, "");
        var fields = new MetadataReader(end.Metadata);
        while (fields.Read())
        {
            if (fields.Is("status"u8))
                result = result with { IsStopped = fields.Text() == "stopped" };
            else if (fields.Is("finish_reason"u8))
                result = result with { FinishReason = fields.Text() };
        }

        return result;
    }
}
