using System.Runtime.CompilerServices;

namespace StreamRelay.Architecture.Sources;

/// <summary>The checkout that this test was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    /// <summary>The projects below <c>src</c>.</summary>
    public static SourceTree Source { get; } = SourceTree.Load(Root);

    /// <summary>The projects below <c>tests</c>.</summary>
    public static SourceTree Tests { get; } = SourceTree.Load(Root, "tests");

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
