namespace StreamRelay.Architecture.Sources;

/// <summary>The C# projects below one folder of a checkout, parsed but not compiled.</summary>
internal sealed class SourceTree
{
    private readonly Dictionary<string, SourceFile[]> _declarations;

    private SourceTree(IReadOnlyList<SourceProject> projects)
    {
        Projects = projects;
        Files = [.. projects.SelectMany(project => project.Files)];
        _declarations = Files.SelectMany(file => file.Types.Select(type => (type.Name, file))).GroupBy(pair => pair.Name, pair => pair.file)
            .ToDictionary(group => group.Key, group => group.Distinct().ToArray());
    }

    public IReadOnlyList<SourceProject> Projects { get; }

    public IReadOnlyList<SourceFile> Files { get; }

    public static SourceTree Load(string checkout, string below = "src") => new(
    [
        .. Directory.EnumerateFiles(Path.Combine(checkout, below), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => SourceProject.Load(checkout, path)),
    ]);

    /// <summary>The file that declares a type of this name, as seen from another file; <see langword="null"/> when no file or several files declare it.</summary>
    public SourceFile? FindDeclaration(string typeName, SourceFile from)
    {
        if (!_declarations.TryGetValue(typeName, out var files))
            return null;
        if (files.Length == 1)
            return files[0];

        var near = Array.FindAll(files, file => file.Project == from.Project);
        return near.Length == 1 ? near[0] : null;
    }

    /// <summary>An edge for each pair of folders of a project where a file of the first uses a type or a namespace of the second.</summary>
    public DependencyGraph FolderGraph(SourceProject project, Func<SourceFile, bool> isCounted)
    {
        var files = project.Files.Where(isCounted).ToHashSet();
        var graph = new DependencyGraph(files.Select(file => file.Folder));
        foreach (var file in files)
        {
            foreach (var used in UsedFiles(file).Where(files.Contains))
                graph.Add(file.Folder, used.Folder, $"{file.Name} uses {used.Name}");
            foreach (var name in file.Usings)
            {
                if (files.FirstOrDefault(other => other.Namespace == name) is { } used)
                    graph.Add(file.Folder, used.Folder, $"{file.Name} has 'using {name}'");
            }
        }

        return graph;
    }

    /// <summary>As the overload with a condition, for all files of the project.</summary>
    public DependencyGraph FolderGraph(SourceProject project) => FolderGraph(project, _ => true);

    /// <summary>An edge for each pair of files of one folder where the first uses a type of the second.</summary>
    public DependencyGraph FileGraph(IEnumerable<SourceFile> folder)
    {
        var files = folder.ToHashSet();
        var graph = new DependencyGraph(files.Select(file => file.Name));
        foreach (var file in files)
        {
            foreach (var used in UsedFiles(file).Where(files.Contains))
                graph.Add(file.Name, used.Name, $"{file.Name} uses {used.Name}");
        }

        return graph;
    }

    private IEnumerable<SourceFile> UsedFiles(SourceFile file) =>
        file.UsedNames.Select(name => FindDeclaration(name, file)).OfType<SourceFile>().Where(used => used != file).Distinct();
}
