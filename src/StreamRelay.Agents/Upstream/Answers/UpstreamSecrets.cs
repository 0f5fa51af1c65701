using System.Text.RegularExpressions;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Removes secrets from text of a server before it is stored and shown.</summary>
/// <param name="key">The key that was sent to the server; may be empty.</param>
/// <param name="values">Other values that were sent to it, such as headers. Short ones are words that any message has.</param>
internal sealed partial class UpstreamSecrets(string key, IEnumerable<string> values)
{
    private const string Removed = "***";
    private const int MinLength = 8;

    // A value may contain another one, which would leave its rest.
    private readonly string[] _configured =
        [.. values.Where(static value => value.Length >= MinLength).Append(key).Where(static value => value.Length > 0).Distinct().OrderByDescending(static value => value.Length)];

    /// <summary>The text without the configured values, and without anything that looks like a key.</summary>
    public string Remove(string text) => Pattern().Replace(
        _configured.Aggregate(text, static (rest, value) => rest.Replace(value, Removed, StringComparison.OrdinalIgnoreCase)), match => match.Groups["name"].Value + Removed);

    [GeneratedRegex("""
        (?<name>\bbearer\s+|\b(?:api[-_ ]?key|authorization|access[-_ ]?token|token|password|secret|signature|sig|key)["']?\s*(?:provided)?\s*[=:]\s*["']?(?:bearer\s+)?)[^\s"',;&}]{6,}
        |(?<name>://)[^/\s@]+(?=@)
        |\b(?:(?:sk|pk|rk|sr|gsk|xai|hf|ghp|glpat)[-_]|AIza|eyJ)[A-Za-z0-9*._-]{6,}
        |[A-Za-z0-9_*-]{40,}
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
