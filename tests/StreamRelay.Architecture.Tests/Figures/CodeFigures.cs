using StreamRelay.Architecture.Sources;

namespace StreamRelay.Architecture.Figures;

/// <summary>How large and how tangled the code below <c>src</c> is.</summary>
internal sealed record CodeFigures
{
    /// <summary>The most parameters that a constructor may take.</summary>
    public const int MaxConstructorParameters = 7;

    /// <summary>Bodies with fewer tokens are not compared with each other.</summary>
    private const int ComparedTokens = 60;

    public required int Files { get; init; }

    public required int Lines { get; init; }

    public required int MedianFile { get; init; }

    /// <summary>The share of files with at most 200 lines, in per cent.</summary>
    public required double SmallFiles { get; init; }

    public required int LongestFile { get; init; }

    public required int MedianMethod { get; init; }

    /// <summary>Lines of the method that is longer than 99 of 100.</summary>
    public required int LongMethod { get; init; }

    public required int LongestMethod { get; init; }

    public required int LargeConstructors { get; init; }

    public required int LargestConstructor { get; init; }

    public required int FolderCycles { get; init; }

    public required int FileCycles { get; init; }

    /// <summary>How many files the largest cycle inside one folder has.</summary>
    public required int LargestFileCycle { get; init; }

    public required int NamespaceMismatches { get; init; }

    public required int RepeatedTypeNames { get; init; }

    /// <summary>Pairs of bodies of at least 60 tokens that differ in names and constants only.</summary>
    public required int DuplicatePairs { get; init; }

    public static CodeFigures Measure(SourceTree tree)
    {
        var files = tree.Files.Select(file => file.Lines).Order().ToArray();
        var methods = tree.Files.SelectMany(file => file.Methods).Select(method => method.Lines).Order().ToArray();
        var constructors = tree.Files.SelectMany(file => file.Types).Select(type => type.ConstructorParameters).ToArray();
        var fileCycles = FileCyclesOf(tree);
        return new()
        {
            Files = files.Length,
            Lines = files.Sum(),
            MedianFile = Percentile(files, 50),
            SmallFiles = 100.0 * files.Count(lines => lines <= 200) / files.Length,
            LongestFile = files[^1],
            MedianMethod = Percentile(methods, 50),
            LongMethod = Percentile(methods, 99),
            LongestMethod = methods[^1],
            LargeConstructors = constructors.Count(parameters => parameters > MaxConstructorParameters),
            LargestConstructor = constructors.Max(),
            FolderCycles = tree.Projects.Sum(project => tree.FolderGraph(project).Cycles().Count),
            FileCycles = fileCycles.Count,
            LargestFileCycle = fileCycles.DefaultIfEmpty().Max(),
            NamespaceMismatches = tree.Projects.Sum(project => project.NamespaceMismatches().Count()),
            RepeatedTypeNames = RepeatedTypeNamesOf(tree).Count(),
            DuplicatePairs = tree.Files.SelectMany(file => file.Methods).Where(method => method.Shape.Count >= ComparedTokens)
                .GroupBy(method => string.Join(' ', method.Shape.Select(kind => (int)kind))).Sum(group => group.Count() * (group.Count() - 1) / 2),
        };
    }

    /// <summary>The names that several types of the tree have, with the files of each.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<SourceFile> Files)> RepeatedTypeNamesOf(SourceTree tree) =>
        tree.Files.SelectMany(file => file.Types.Select(type => (Type: type, file)))
            .GroupBy(pair => (pair.Type.Name, pair.Type.TypeParameters))
            .Where(group => group.Count(pair => !pair.Type.IsPartial) + group.Where(pair => pair.Type.IsPartial).Select(pair => pair.file.Namespace).Distinct().Count() > 1)
            .Select(group => (group.Key.Name, (IReadOnlyList<SourceFile>)[.. group.Select(pair => pair.file)]));

    private static List<int> FileCyclesOf(SourceTree tree) =>
        [.. tree.Files.GroupBy(file => (file.Project, file.Folder)).SelectMany(folder => tree.FileGraph(folder).Cycles()).Select(cycle => cycle.Count)];

    private static int Percentile(int[] sorted, int percent) => sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
}
