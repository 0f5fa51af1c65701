namespace StreamRelay.AspNetCore.Requests;

/// <summary>Reads names in a path.</summary>
public static class PathText
{
    /// <summary>A name as the client wrote it: the server decodes every escape but that of the slash.</summary>
    public static string Decode(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }
}
