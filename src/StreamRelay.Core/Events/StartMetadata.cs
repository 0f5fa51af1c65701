namespace StreamRelay.Events;

/// <summary>The metadata of <c>start</c> that every task has. A protocol reads its own fields beside them.</summary>
/// <param name="Model">The agent's name.</param>
/// <param name="Created">When the task was accepted: Unix time in seconds.</param>
/// <param name="SystemFingerprint">The version of the server that accepted it.</param>
public readonly record struct StartMetadata(string Model, long Created, string SystemFingerprint)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="System.Text.Json.JsonException">The metadata is not a JSON object.</exception>
    public static StartMetadata Read(StreamEvent start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var result = new StartMetadata("", 0, "");
        var fields = new MetadataReader(start.Metadata);
        while (fields.Read())
        {
            if (fields.Is("model"u8))
                result = result with { Model = fields.Text() };
            else if (fields.Is("created"u8))
                result = result with { Created = fields.Number() };
            else if (fields.Is("system_fingerprint"u8))
                result = result with { SystemFingerprint = fields.Text() };
        }

        return result;
    }
}
