namespace StreamRelay.Client.Tasks;

/// <summary>A file that a task made.</summary>
/// <param name="Name">Its name, unique in its task.</param>
/// <param name="Url">Where to download it, relative to the server or absolute.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="CreatedAt">When it was stored; only from <see cref="StreamRelayClient.ListFilesAsync"/>, else <see langword="null"/>.</param>
public sealed record RelayFile(string Name, string Url, string MediaType, long Size, DateTimeOffset? CreatedAt = null);
