using System.Globalization;
using System.Text;

namespace StreamRelay.Architecture.Figures;

/// <summary>Figures of one or several checkouts as a table in Markdown.</summary>
internal static class FigureTable
{
    private static readonly (string Name, Func<CodeFigures, IFormattable> Value)[] Rows =
    [
        ("lines", figures => figures.Lines),
        ("files", figures => figures.Files),
        ("median file, lines", figures => figures.MedianFile),
        ("files of at most 200 lines, %", figures => Math.Round(figures.SmallFiles, 1)),
        ("longest file, lines", figures => figures.LongestFile),
        ("median method, lines", figures => figures.MedianMethod),
        ("method at the 99th percentile, lines", figures => figures.LongMethod),
        ("longest method, lines", figures => figures.LongestMethod),
        ($"constructors with over {CodeFigures.MaxConstructorParameters} parameters", figures => figures.LargeConstructors),
        ("largest constructor, parameters", figures => figures.LargestConstructor),
        ("cycles between folders", figures => figures.FolderCycles),
        ("cycles between files of a folder", figures => figures.FileCycles),
        ("largest of these cycles, files", figures => figures.LargestFileCycle),
        ("namespaces that differ from their folder", figures => figures.NamespaceMismatches),
        ("type names declared twice", figures => figures.RepeatedTypeNames),
        ("duplicate pairs of methods", figures => figures.DuplicatePairs),
    ];

    public static string Format(IReadOnlyList<(string Checkout, CodeFigures Figures)> columns)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| src | {string.Join(" | ", columns.Select(column => column.Checkout))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(columns.Select(_ => "---:|"))}");
        foreach (var (name, value) in Rows)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", columns.Select(column => value(column.Figures).ToString(null, CultureInfo.InvariantCulture)))} |");

        return text.ToString();
    }
}
