namespace StreamRelay.Tasks;

/// <summary>A stored file of a task.</summary>
/// <param name="Name">Its name, unique in its task; one path segment.</param>
/// <param name="MediaType">Its media type, such as <c>text/markdown; charset=utf-8</c>.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of its bytes: the strong ETag.</param>
/// <param name="CreatedAt">When it was stored (UTC).</param>
public sealed record StoredFile(string Name, string MediaType, long Size, string Hash, DateTimeOffset CreatedAt);
