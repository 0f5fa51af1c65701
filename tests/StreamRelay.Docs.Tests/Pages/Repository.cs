using System.Runtime.CompilerServices;

namespace StreamRelay.Docs.Pages;

/// <summary>The folder of the repository, and the pages in it.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));

    /// <summary>The README and every page below <c>docs</c>, relative to <see cref="Root"/>.</summary>
    public static IReadOnlyList<string> PageNames { get; } =
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal),
    ];

    public static DocPage Read(string name) => DocPage.Parse(name, File.ReadAllText(Path.Combine(Root, name)));

    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    private static string Here([CallerFilePath] string here = "") => here;
}
