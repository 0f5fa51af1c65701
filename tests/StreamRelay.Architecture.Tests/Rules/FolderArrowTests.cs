using StreamRelay.Architecture.Figures;
using StreamRelay.Architecture.Sources;

namespace StreamRelay.Architecture.Rules;

/// <summary>Folders are concepts: no two folders of a project use each other, and files of a folder are tangled as little as possible.</summary>
public sealed class FolderArrowTests
{
    /// <summary>A cycle of more files than this in one folder is a concept that wants to be split.</summary>
    private const int MaxFileCycle = 6;

    /// <summary>Projects whose own folder is the composition root of the folders below and declares types that they use, each with its reason.</summary>
    private static readonly Dictionary<string, string> CompositionRoots = new()
    {
        ["StreamRelay.Agents"] = "AddBuiltInAgents registers the agents of all folders.",
        ["StreamRelay.AspNetCore"] = "AddStreamRelay and MapStreamRelay register the services and routes of all folders.",
        ["StreamRelay.Storage"] = "EmbeddedStore opens the parts of the store in one order.",
        ["StreamRelay.Redis"] = "RedisStore opens the parts of the store on one connection.",
    };

    [Fact]
    public void No_two_folders_of_a_project_use_each_other()
    {
        var violations = Repository.Source.Projects
            .SelectMany(project => Describe(project, Repository.Source.FolderGraph(project, file => file.Folder.Length > 0)));
        Rule.Holds(violations, "Move a type so that one folder uses the other and not the reverse, or pass what is needed through an interface of the lower folder:");
    }

    [Fact]
    public void The_folder_of_a_project_itself_is_used_by_its_folders_or_uses_them()
    {
        var violations = Repository.Source.Projects.Where(project => !CompositionRoots.ContainsKey(project.Name))
            .SelectMany(project => Describe(project, Repository.Source.FolderGraph(project)));
        Rule.Holds(violations, "Move the types that the folders use into one of the folders, so that the project's own folder only composes:");
    }

    [Fact]
    public void A_composition_root_without_a_cycle_is_no_exception_any_more()
    {
        var clean = Repository.Source.Projects.Where(project => CompositionRoots.ContainsKey(project.Name) && Repository.Source.FolderGraph(project).Cycles().Count == 0);
        Rule.Holds(clean.Select(project => project.Name), "Delete these projects from CompositionRoots:");
    }

    [Fact]
    public void Cycles_between_the_files_of_a_folder_stay_small()
    {
        var violations = Repository.Source.Files.GroupBy(file => (file.Project, file.Folder)).SelectMany(folder => Repository.Source.FileGraph(folder).Cycles()
            .Where(cycle => cycle.Count > MaxFileCycle).Select(cycle => $"{folder.Key.Project}/{folder.Key.Folder}: {string.Join(", ", cycle)}"));
        Rule.Holds(violations, $"More than {MaxFileCycle} files of a folder use each other in a circle. Give one of them an interface or a callback, so that the others need not know it:");
    }

    [Fact]
    public void A_namespace_is_its_folder_in_src_and_in_tests()
    {
        var violations = Repository.Source.Projects.Concat(Repository.Tests.Projects).SelectMany(project =>
            project.NamespaceMismatches().Select(file => $"{file}: {file.Namespace}, not {project.NamespaceOf(file.Folder)}"));
        Rule.Holds(violations, "Move the file to the folder of its namespace, or change its namespace:");
    }

    [Fact]
    public void No_two_types_of_src_have_one_name()
    {
        var violations = CodeFigures.RepeatedTypeNamesOf(Repository.Source).Select(type => $"{type.Name}: {string.Join(", ", type.Files)}");
        Rule.Holds(violations, "Put the protocol's or the concept's name in front:");
    }

    private static IEnumerable<string> Describe(SourceProject project, DependencyGraph graph) =>
        graph.Cycles().Select(cycle => $"{project.Name}: {graph.Describe(cycle)}");
}
