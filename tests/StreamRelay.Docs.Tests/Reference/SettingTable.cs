using StreamRelay.Docs.Pages;

namespace StreamRelay.Docs.Reference;

/// <summary>The tables of the configuration page: key, default, range, meaning.</summary>
internal static class SettingTable
{
    public const string PageName = "docs/configuration.md";

    private const string Prefix = "| `StreamRelay:";

    /// <summary>The rows whose key begins with <c>StreamRelay:</c>.</summary>
    public static IReadOnlyList<Setting> Read() =>
        [.. Repository.Read(PageName).Prose.Where(line => line.StartsWith(Prefix, StringComparison.Ordinal)).Select(Parse)];

    private static Setting Parse(string row)
    {
        var cells = row.Trim('|', ' ').Split(" | ");
        if (cells.Length != 4 || cells[3].Trim().Length == 0)
            throw new FormatException($"{PageName}: a row has four cells: key, default, range, meaning: {row}");

        return new(Code(cells[0])[0], Code(cells[1]) is [var given, ..] ? given : cells[1].Trim(), string.Join(" to ", Code(cells[2])));
    }

    private static string[] Code(string cell) => [.. cell.Split('`').Where((_, index) => index % 2 == 1)];
}
