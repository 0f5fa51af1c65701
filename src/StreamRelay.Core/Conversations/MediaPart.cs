namespace StreamRelay.Conversations;

/// <summary>An image, a file, sound or a film: by its address, by its bytes, or by the id under which the server of the model knows it.</summary>
/// <param name="Kind">What it is.</param>
public sealed record MediaPart(MediaKind Kind) : ConversationPart
{
    private const string DataScheme = "data:";
    private const string Base64 = ";base64,";

    /// <summary>The address (http or https), or <see langword="null"/>.</summary>
    public string? Url { get; init; }

    /// <summary>The bytes in Base64, or <see langword="null"/>.</summary>
    public string? Data { get; init; }

    /// <summary>The id of an uploaded file, or <see langword="null"/>.</summary>
    public string? FileId { get; init; }

    /// <summary>The media type, such as <c>image/png</c>, or <see langword="null"/> when it is unknown.</summary>
    public string? MediaType { get; init; }

    /// <summary>The name of the file, or <see langword="null"/>.</summary>
    public string? Name { get; init; }

    /// <summary>How closely an image is to be looked at: <c>low</c>, <c>high</c> or <c>auto</c>; <see langword="null"/> when nothing is asked for.</summary>
    public string? Detail { get; init; }

    /// <summary>The field of the request that it came in, for errors.</summary>
    public string Field { get; init; } = "";

    /// <summary>The kind that a media type has.</summary>
    public static MediaKind KindOf(string? mediaType) => mediaType?.Split('/')[0].ToLowerInvariant() switch
    {
        "image" => MediaKind.Image,
        "audio" => MediaKind.Audio,
        "video" => MediaKind.Video,
        _ => MediaKind.File,
    };

    /// <summary>The part with this address. The bytes and the media type of a <c>data:</c> address are taken out of it.</summary>
    public MediaPart At(string? address)
    {
        if (address is null || !address.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase))
            return this with { Url = address };

        var comma = address.IndexOf(Base64, StringComparison.OrdinalIgnoreCase);
        if (comma < 0)
            return this with { Url = address };

        var type = address[DataScheme.Length..comma];
        return this with { Data = address[(comma + Base64.Length)..], MediaType = type.Length > 0 ? type : MediaType };
    }

    /// <summary>The bytes as a <c>data:</c> address, or the address; <see langword="null"/> when there is neither.</summary>
    public string? Address(string defaultMediaType) => Data is null ? Url : $"{DataScheme}{MediaType ?? defaultMediaType}{Base64}{Data}";
}
