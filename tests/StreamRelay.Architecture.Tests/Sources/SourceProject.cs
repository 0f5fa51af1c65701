using System.Xml.Linq;

namespace StreamRelay.Architecture.Sources;

/// <summary>One project: its references and its files.</summary>
internal sealed record SourceProject(string Name, string RootNamespace, IReadOnlyList<string> ProjectReferences, IReadOnlyList<string> PackageReferences)
{
    public IReadOnlyList<SourceFile> Files { get; private init; } = [];

    public static SourceProject Load(string checkout, string path)
    {
        var project = XDocument.Load(path);
        var name = Path.GetFileNameWithoutExtension(path);
        var folder = Path.GetDirectoryName(path)!;
        return new(
            name,
            project.Descendants("RootNamespace").FirstOrDefault()?.Value ?? name,
            [.. Includes(project, "ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Replace('\\', '/')))],
            [.. Includes(project, "PackageReference")])
        {
            Files =
            [
                .. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file => !IsBuilt(Path.GetRelativePath(folder, file)))
                    .Order(StringComparer.Ordinal).Select(file => SourceFile.Load(checkout, name, folder, file)),
            ],
        };
    }

    /// <summary>The namespace that the files of a folder must have.</summary>
    public string NamespaceOf(string folder) => folder.Length == 0 ? RootNamespace : $"{RootNamespace}.{folder.Replace('/', '.')}";

    /// <summary>The files whose namespace is not that of their folder. Extension methods may be in a namespace of Microsoft's, where callers find them without a using directive.</summary>
    public IEnumerable<SourceFile> NamespaceMismatches() => Files.Where(file => file.Namespace is { } name && name != NamespaceOf(file.Folder)
        && !(file.Name.EndsWith("Extensions", StringComparison.Ordinal) && name.StartsWith("Microsoft.", StringComparison.Ordinal)));

    private static IEnumerable<string> Includes(XDocument project, string item) => project.Descendants(item).Attributes("Include").Select(include => include.Value);

    private static bool IsBuilt(string path) => path.Split('/')[0] is "obj" or "bin" or "node_modules";
}
