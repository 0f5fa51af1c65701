using System.Text.RegularExpressions;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>Makes a URL fit for a log.</summary>
internal static partial class LogUrl
{
    /// <summary>The path and query without the secrets in it.</summary>
    public static string Redact(string target) => Secret().Replace(target, "$1=…");

    [GeneratedRegex("(?i)(ticket|key|token)=[^&]*")]
    private static partial Regex Secret();
}
