using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>A file that a task made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Where to download it.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record FileView(string Name, string Url, string MediaType, long Size)
{
    /// <summary>The files of a task, below a base path.</summary>
    internal static IReadOnlyList<FileView> Of(TaskRecord task, string basePath) =>
        [.. task.Files.Select(file => new FileView(file.Name, FileUrl.Of(basePath, task.Id, file.Name), file.MediaType, file.Size))];
}
