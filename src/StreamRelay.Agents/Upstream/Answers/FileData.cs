namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>A file that an answer holds.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record FileData(string MediaType, byte[] Content)
{
    private const string Scheme = "data:";
    private const string Base64 = ";base64";

    /// <summary>The extension of its name, with the dot.</summary>
    public string Extension => MediaType switch
    {
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        "image/webp" => ".webp",
        "image/gif" => ".gif",
        "image/svg+xml" => ".svg",
        "audio/wav" => ".wav",
        "audio/mpeg" => ".mp3",
        "audio/ogg" => ".ogg",
        "audio/flac" => ".flac",
        "audio/pcm" => ".pcm",
        _ => ".bin",
    };

    /// <summary>The file in a <c>data:</c> address with Base64; <see langword="null"/> for any other address.</summary>
    /// <exception cref="AgentException">The data is not Base64.</exception>
    public static FileData? Parse(string address)
    {
        var comma = address.IndexOf(',', StringComparison.Ordinal);
        if (!address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || comma < 0)
            return null;

        var type = address[Scheme.Length..comma];
        try
        {
            return type.EndsWith(Base64, StringComparison.OrdinalIgnoreCase)
                ? new(type[..^Base64.Length].ToLowerInvariant(), Convert.FromBase64String(address[(comma + 1)..]))
                : null;
        }
        catch (FormatException exception)
        {
            throw AnswerFault.Malformed("an image that is not Base64", exception);
        }
    }

    /// <summary>Audio, whose format its first bytes show; raw samples have no mark.</summary>
    public static FileData OfAudio(byte[] content) => new(content switch
    {
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => "audio/wav",
        [(byte)'I', (byte)'D', (byte)'3', ..] or [0xFF, >= 0xE0, ..] => "audio/mpeg",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => "audio/ogg",
        [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => "audio/flac",
        _ => "audio/pcm",
    }, content);
}
