namespace StreamRelay.Events;

/// <summary>The metadata of <c>data</c>. Fields that are missing are empty.</summary>
/// <param name="Name">The name of the data.</param>
/// <param name="Data">The data, as JSON.</param>
public readonly record struct DataMetadata(string Name, ReadOnlyMemory<byte> Data)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="System.Text.Json.JsonException">The metadata is not a JSON object.</exception>
    public static DataMetadata Read(StreamEvent data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var result = new DataMetadata("", default);
        var fields = new MetadataReader(data.Metadata);
        while (fields.Read())
        {
            if (fields.Is("name"u8))
                result = result with { Name = fields.Text() };
            else if (fields.Is("data"u8))
                result = result with { Data = fields.Json() };
        }

        return result;
    }
}
