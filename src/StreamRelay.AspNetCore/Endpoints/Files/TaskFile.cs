namespace StreamRelay.AspNetCore.Endpoints.Files;

/// <summary>A file that a task made.</summary>
/// <param name="Name">Its name, unique in its task.</param>
/// <param name="Url">Where to download it.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="CreatedAt">When it was stored: RFC 3339, UTC, with milliseconds.</param>
public sealed record TaskFile(string Name, string Url, string MediaType, long Size, string CreatedAt);
