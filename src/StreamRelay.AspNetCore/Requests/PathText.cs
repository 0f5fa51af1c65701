namespace StreamRelay.AspNetCore.Requests;

/// <summary>Names in a path.</summary>
public static class PathText
{
    /// <summary>A name as its client wrote it: the server has decoded all of it but the slash.</summary>
    public static string Decode(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }
}
