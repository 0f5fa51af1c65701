namespace StreamRelay.Events;

/// <summary>The metadata of <c>error</c>.</summary>
/// <param name="Code">The code of the failure; empty when it is missing.</param>
public readonly record struct ErrorMetadata(string Code)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="System.Text.Json.JsonException">The metadata is not a JSON object.</exception>
    public static ErrorMetadata Read(StreamEvent error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var result = new ErrorMetadata("");
        var fields = new MetadataReader(error.Metadata);
        while (fields.Read())
        {
            if (fields.Is("code"u8))
                result = new(fields.Text());
        }

        return result;
    }
}
