using System.Text.RegularExpressions;

namespace StreamRelay.Docs.Pages;

/// <summary>A Markdown page: its blocks, and its lines without them.</summary>
internal sealed partial record DocPage(string Name, IReadOnlyList<DocBlock> Blocks, IReadOnlyList<string> Prose)
{
    private const string Fence = "```";

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors => Prose.Where(line => line.StartsWith('#')).Select(heading => Anchor(heading.TrimStart('#').Trim()));

    /// <summary>The targets of its links.</summary>
    public IEnumerable<string> Links => Prose.SelectMany(line => LinkPattern().Matches(line)).Select(match => match.Groups[1].Value);

    /// <summary>The paths below <c>src</c>, <c>tests</c> and <c>docs</c> that its prose names as code.</summary>
    public IEnumerable<string> Paths => Prose.SelectMany(line => PathPattern().Matches(line)).Select(match => match.Groups[1].Value);

    /// <exception cref="FormatException">A block is not closed.</exception>
    public static DocPage Parse(string name, string text)
    {
        List<DocBlock> blocks = [];
        List<string> prose = [];
        var lines = text.Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            if (!lines[index].StartsWith(Fence, StringComparison.Ordinal))
            {
                prose.Add(lines[index]);
                continue;
            }

            var end = Array.FindIndex(lines, index + 1, line => line.StartsWith(Fence, StringComparison.Ordinal));
            if (end < 0)
                throw new FormatException($"{name}:{index + 1}: this block is not closed.");

            blocks.Add(new(name, index + 1, lines[index][Fence.Length..].Trim(), string.Concat(lines[(index + 1)..end].Select(line => line + '\n')), MarkersAbove(prose)));
            index = end;
        }

        return new(name, blocks, prose);
    }

    private static List<DocMarker> MarkersAbove(List<string> prose) =>
        [.. prose.AsEnumerable().Reverse().Select(DocMarker.Parse).TakeWhile(marker => marker is not null).Select(marker => marker!).Reverse()];

    private static string Anchor(string heading) => NotInAnchors().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"`((?:src|tests|docs)/[A-Za-z0-9_./-]*)`")]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"[^a-z0-9 _-]")]
    private static partial Regex NotInAnchors();
}
