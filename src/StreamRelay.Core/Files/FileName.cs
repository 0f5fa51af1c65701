using System.Globalization;
using System.Text;

namespace StreamRelay.Files;

/// <summary>File names that are safe on any file system.</summary>
public static class FileName
{
    private const int MaxBytes = 200;

    private static readonly string[] Reserved =
    [
        "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
        "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    ];

    /// <summary>Whether a name is a single path segment that every file system accepts: no separators, control or reserved
    /// characters, device names, leading or trailing dots or spaces, and at most 200 bytes of UTF-8.</summary>
    public static bool IsSafe(string? name) =>
        name is { Length: > 0 } && Encoding.UTF8.GetByteCount(name) <= MaxBytes && name[0] is not ('.' or ' ')
        && name[^1] is not ('.' or ' ') && name.EnumerateRunes().All(IsAllowed) && !IsReserved(name);

    /// <summary>Turns a title into a safe name with the given extension (with its dot): letters and digits of any script are kept, the rest becomes hyphens.</summary>
    public static string FromTitle(string title, string extension)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(extension);
        var name = new StringBuilder();
        var bytes = extension.Length;
        foreach (var rune in title.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            var keep = Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            if (!keep && (name.Length == 0 || name[^1] == '-'))
                continue;

            bytes += keep ? rune.Utf8SequenceLength : 1;
            if (bytes > MaxBytes)
                break;

            name.Append(keep ? Rune.ToLowerInvariant(rune).ToString() : "-");
        }

        var stem = name.ToString().Trim('-');
        return (stem.Length == 0 || IsReserved(stem) ? "file" + (stem.Length == 0 ? "" : "-" + stem) : stem) + extension;
    }

    private static bool IsAllowed(Rune rune) =>
        rune != Rune.ReplacementChar && !Rune.IsControl(rune) && (rune.Value > 0x7F || !"<>:\"/\\|?*".Contains((char)rune.Value))
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format);

    private static bool IsReserved(string name) =>
        Reserved.Contains(name.Split('.')[0], StringComparer.OrdinalIgnoreCase);
}
