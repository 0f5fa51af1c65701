using StreamRelay.Architecture.Figures;
using StreamRelay.Architecture.Sources;

namespace StreamRelay.Architecture.Rules;

/// <summary>Files, methods and constructors stay as small as those of the code that the house style was taken from.</summary>
public sealed class SizeTests
{
    private const int MaxFile = 300;

    private const double MinSmallFiles = 90;

    private const int MaxMedianFile = 60;

    private const int MaxLongMethod = 60;

    /// <summary>Types whose constructor may take more than seven parameters, each with its reason.</summary>
    private static readonly Dictionary<string, string> LargeConstructors = [];

    /// <summary>Files that may declare several types, each with its reason.</summary>
    private static readonly Dictionary<string, string> SeveralTypes = [];

    private static readonly CodeFigures Measured = CodeFigures.Measure(Repository.Source);

    [Fact]
    public void A_constructor_takes_at_most_seven_parameters()
    {
        var violations = Repository.Source.Files.SelectMany(file => file.Types
            .Where(type => type.ConstructorParameters > CodeFigures.MaxConstructorParameters && !LargeConstructors.ContainsKey(type.Name))
            .Select(type => $"{file}: {type.Name} takes {type.ConstructorParameters}"));
        Rule.Holds(violations, "Split the type, or group parameters that belong together into an object with a name of its own:");
    }

    [Fact]
    public void No_file_is_longer_than_300_lines()
    {
        var violations = Repository.Source.Files.Where(file => file.Lines > MaxFile).Select(file => $"{file}: {file.Lines} lines");
        Rule.Holds(violations, "Split the file by concern:");
    }

    [Fact]
    public void Nine_of_ten_files_have_at_most_200_lines_and_half_of_them_at_most_60()
    {
        Assert.True(Measured.SmallFiles >= MinSmallFiles, $"Only {Measured.SmallFiles:F1} % of the files have at most 200 lines. Split the longest ones by concern.");
        Assert.True(Measured.MedianFile <= MaxMedianFile, $"The median file has {Measured.MedianFile} lines. Give each type and each concern a file of its own.");
    }

    [Fact]
    public void Ninety_nine_of_a_hundred_methods_have_at_most_60_lines() =>
        Assert.True(Measured.LongMethod <= MaxLongMethod, $"The method at the 99th percentile has {Measured.LongMethod} lines. Move the steps of the longest methods into methods of their own.");

    [Fact]
    public void A_file_declares_one_type_and_has_its_name()
    {
        var violations = Repository.Source.Files.Where(file => !SeveralTypes.ContainsKey(file.Name) && file.Types.Count > 0)
            .Where(file => file.Types.Count > 1 || !IsNamedAfter(file, file.Types[0]))
            .Select(file => $"{file}: {string.Join(", ", file.Types.Select(type => type.Name))}");
        Rule.Holds(violations, "Give each type a file with the type's name (parts of a partial type: Type.Concern.cs):");
    }

    private static bool IsNamedAfter(SourceFile file, DeclaredType type) =>
        file.Name == type.Name || (type.IsPartial && file.Name.StartsWith(type.Name + ".", StringComparison.Ordinal));
}
