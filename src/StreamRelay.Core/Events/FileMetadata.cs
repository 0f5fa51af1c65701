namespace StreamRelay.Events;

/// <summary>The metadata of <c>file</c>, as far as protocols show it field by field. Fields that are missing are empty.</summary>
/// <param name="Url">Where the file is downloaded, as a path of this server.</param>
/// <param name="MediaType">Its media type.</param>
public readonly record struct FileMetadata(string Url, string MediaType)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="System.Text.Json.JsonException">The metadata is not a JSON object.</exception>
    public static FileMetadata Read(StreamEvent file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var result = new FileMetadata("", "");
        var fields = new MetadataReader(file.Metadata);
        while (fields.Read())
        {
            if (fields.Is("url"u8))
                result = result with { Url = fields.Text() };
            else if (fields.Is("media_type"u8))
                result = result with { MediaType = fields.Text() };
        }

        return result;
    }
}
