using System.Text.RegularExpressions;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Removes secrets from text of a server before it is stored and shown.</summary>
internal static partial class UpstreamSecrets
{
    private const string Removed = "***";

    /// <summary>The text without the key, and without anything that looks like a key.</summary>
    public static string Remove(string text, string key) =>
        Pattern().Replace(key.Length > 0 ? text.Replace(key, Removed, StringComparison.OrdinalIgnoreCase) : text, match => match.Groups["name"].Value + Removed);

    [GeneratedRegex("""
        (?<name>\bbearer\s+|\b(?:api[-_ ]?key|authorization|access[-_ ]?token|token|password|secret|signature|sig|key)["']?\s*(?:provided)?\s*[=:]\s*["']?(?:bearer\s+)?)[^\s"',;&}]{6,}
        |(?<name>://)[^/\s@]+(?=@)
        |\b(?:(?:sk|pk|rk|sr|gsk|xai|hf|ghp|glpat)[-_]|AIza|eyJ)[A-Za-z0-9*._-]{6,}
        |[A-Za-z0-9_*-]{40,}
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
