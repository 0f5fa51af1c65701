using Microsoft.AspNetCore.StaticFiles;
using StreamRelay.Storage;

namespace StreamRelay.Agents.Process;

/// <summary>The working folder of one run. What the program leaves in <c>out</c> becomes the task's files; the rest is removed.</summary>
internal sealed class ProcessFolder : IDisposable
{
    private static readonly FileExtensionContentTypeProvider MediaTypes = new();

    private readonly string _out;

    public ProcessFolder(string workPath, TaskId task)
    {
        Root = Path.Combine(workPath, task.ToString());
        _out = Path.Combine(Root, "out");
        Directory.CreateDirectory(_out);
    }

    public string Root { get; }

    /// <summary>Stores the files in <c>out</c>, in the order of their names; folders and links are left alone.</summary>
    public async Task SaveFilesAsync(AgentContext context, CancellationToken cancellationToken)
    {
        foreach (var file in new DirectoryInfo(_out).EnumerateFiles().Where(file => file.LinkTarget is null).OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            var name = FileName.IsSafe(file.Name) ? file.Name : FileName.FromTitle(Path.GetFileNameWithoutExtension(file.Name), SafeExtension(file.Extension));
            await using var content = file.OpenRead();
            await context.SaveFileAsync(name, MediaTypes.TryGetContentType(name, out var type) ? type : "application/octet-stream", content, cancellationToken);
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // A program that is just leaving may still write; the next start removes it.
        }
    }

    private static string SafeExtension(string extension) => FileName.IsSafe($"a{extension}") ? extension : "";
}
