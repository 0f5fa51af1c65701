using System.Text.RegularExpressions;

namespace StreamRelay.Docs.Pages;

/// <summary>A comment above a block that states how it is tested, such as <c>&lt;!-- expect: [DONE] --&gt;</c>.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Value">What stands behind the colon.</param>
internal sealed partial record DocMarker(string Name, string Value)
{
    /// <summary>The output contains this text. May be given several times.</summary>
    public const string Expect = "expect";

    /// <summary>The exit code is this one instead of 0.</summary>
    public const string Exit = "exit";

    /// <summary>The block is saved in the page's folder under this name; a later block runs it.</summary>
    public const string File = "file";

    /// <summary>The block is not executed, for this reason. The paths in it are checked.</summary>
    public const string Skip = "skip";

    public static IReadOnlyList<string> Names { get; } = [Expect, Exit, File, Skip];

    /// <returns><see langword="null"/> when the line is not a marker.</returns>
    public static DocMarker? Parse(string line) => Pattern().Match(line) is { Success: true } match ? new(match.Groups[1].Value, match.Groups[2].Value) : null;

    [GeneratedRegex(@"^<!-- ([a-z]+): (.+) -->$")]
    private static partial Regex Pattern();
}
