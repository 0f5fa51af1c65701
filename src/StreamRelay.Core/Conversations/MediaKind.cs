namespace StreamRelay.Conversations;

/// <summary>What a media part is for a model.</summary>
public enum MediaKind
{
    /// <summary>A document or any other file.</summary>
    File,

    /// <summary>An image.</summary>
    Image,

    /// <summary>Sound.</summary>
    Audio,

    /// <summary>A film.</summary>
    Video,
}
