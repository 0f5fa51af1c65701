using StreamRelay.Architecture.Sources;

namespace StreamRelay.Architecture.Figures;

/// <summary>The rules can fail: a small checkout that breaks each of them has the figures that it should have.</summary>
public sealed class CodeFiguresTests : IDisposable
{
    private readonly string _checkout = Directory.CreateTempSubdirectory("streamrelay-").FullName;

    public void Dispose() => Directory.Delete(_checkout, recursive: true);

    [Fact]
    public void A_checkout_that_breaks_every_rule_is_measured_as_such()
    {
        Write("A/A.csproj", "<Project><PropertyGroup><RootNamespace>Root</RootNamespace></PropertyGroup></Project>");
        Write("A/One/First.cs", "namespace Root.One;\n\nclass First(int a, int b, int c, int d, int e, int f, int g, int h)\n{\n    Second? Other;\n}\n");
        Write("A/Two/Second.cs", "namespace Root.Elsewhere;\n\nclass Second\n{\n    First? Other;\n\n    void Run()\n    {\n        var x = 1;\n        x++;\n    }\n}\n");
        Write("A/Two/Third.cs", "namespace Root.Two;\n\nclass Third;\n");
        Write("A/Two/Fourth.cs", "namespace Root.Two;\n\nclass Third;\n");
        Write("A/obj/Generated.cs", "class Generated;");

        var figures = CodeFigures.Measure(SourceTree.Load(_checkout));

        Assert.Equal((4, 24), (figures.Files, figures.Lines));
        Assert.Equal((1, 8), (figures.LargeConstructors, figures.LargestConstructor));
        Assert.Equal((2, 2), (figures.MedianMethod, figures.LongestMethod));
        Assert.Equal((1, 1, 1), (figures.FolderCycles, figures.NamespaceMismatches, figures.RepeatedTypeNames));
    }

    [Fact]
    public void Files_that_use_each_other_are_a_cycle_and_a_member_of_the_same_name_is_no_use()
    {
        Write("A/A.csproj", "<Project />");
        Write("A/First.cs", "namespace A;\n\nclass First { Second? Next; }\n");
        Write("A/Second.cs", "namespace A;\n\nclass Second { Third? Next; }\n");
        Write("A/Third.cs", "namespace A;\n\nclass Third { First? Next; }\n");
        Write("A/Fourth.cs", "namespace A;\n\nclass Fourth { object Get(dynamic other) => other.Third; }\n");

        var figures = CodeFigures.Measure(SourceTree.Load(_checkout));

        Assert.Equal((1, 3), (figures.FileCycles, figures.LargestFileCycle));
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_checkout, "src", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
