using System.Text.RegularExpressions;

namespace StreamRelay.Docs.Blocks;

/// <summary>A <c>text</c> block: lines that the block before it prints. <c>…</c> stands for any text within a line, or for any lines.</summary>
internal static class OutputSample
{
    private const string Anything = "…";

    /// <returns>Exit code 0 when all lines occur in their order, and directly after each other where no line is <c>…</c>.</returns>
    public static BlockResult Compare(string sample, string output)
    {
        var lines = sample.TrimEnd('\n').Split('\n').Select(line => line == Anything ? @"(?:[^\n]*\n)*?" : Regex.Escape(line).Replace(Anything, "[^\n]*", StringComparison.Ordinal) + "[ ]*\n");
        var found = Regex.IsMatch(output.TrimEnd() + "\n", "(?:^|\n)" + string.Concat(lines), RegexOptions.None, TimeSpan.FromSeconds(10));
        return new(found ? 0 : 1, $"{(found ? "" : "The block before this one does not print it. ")}It prints:\n{output}");
    }
}
