using Microsoft.AspNetCore.StaticFiles;
using StreamRelay.Files;

namespace StreamRelay.Agents.Process;

/// <summary>Saves the regular files at the top level of a child's <c>out</c> folder as files of the task. Links are not followed, and a hard link to a file of another user is left out.</summary>
internal static class OutputFiles
{
    private static readonly FileExtensionContentTypeProvider MediaTypes = new() { Mappings = { [".md"] = "text/markdown", [".jsonl"] = "application/jsonl" } };

    public static async Task SaveAsync(WorkFolder folder, uint user, AgentContext context, CancellationToken cancellationToken)
    {
        var output = new DirectoryInfo(folder.Output);
        if (!output.Exists || output.LinkTarget is not null)
            return;

        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach (var file in output.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (OpenRegular(file.FullName, user) is not { } content)
                continue;

            await using (content)
                await context.SaveFileAsync(UniqueName(SafeName(file.Name), taken), MediaType(file.Name), content, cancellationToken);
        }
    }

    private static FileStream? OpenRegular(string path, uint user)
    {
        if (NoFollow.Open(path) is not { } handle)
            return null;

        if (FileFacts.IsRegularOf(handle, user))
            return new(handle, FileAccess.Read);

        handle.Dispose();
        return null;
    }

    private static string SafeName(string name)
    {
        var extension = Path.GetExtension(name);
        return FileName.IsSafe(name) ? name : FileName.FromTitle(Path.GetFileNameWithoutExtension(name), IsPlain(extension) ? extension : "");
    }

    private static bool IsPlain(string extension) => extension.Length is > 1 and <= 16 && extension.Skip(1).All(char.IsAsciiLetterOrDigit);

    private static string UniqueName(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
            unique = $"{Path.GetFileNameWithoutExtension(name)}-{number}{Path.GetExtension(name)}";

        return unique;
    }

    private static string MediaType(string name) =>
        !MediaTypes.TryGetContentType(name, out var type) ? "application/octet-stream"
        : type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8"
        : type;
}
