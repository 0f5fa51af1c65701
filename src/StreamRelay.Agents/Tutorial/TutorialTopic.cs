using System.Text.RegularExpressions;

namespace StreamRelay.Agents.Tutorial;

/// <summary>Finds the topic in a request such as "Write a tutorial about MySQL".</summary>
internal static partial class TutorialTopic
{
    /// <summary>The topic of an English request for a tutorial; any other text is the topic itself.</summary>
    public static string FromRequest(string request)
    {
        var match = EnglishRequest().Match(request);
        return match.Success ? match.Groups["topic"].Value : request;
    }

    // A known beginning ("please", "can you", "I want you to"), a verb, "tutorial" with at most three known adjectives, a preposition, and the topic up to the end of the line.
    [GeneratedRegex(
        """
        ^\s*
        (?:please\s+ | (?:can|could|would|will)\s+you\s+(?:please\s+)? | i\s+(?:want|need)\s+(?:you\s+to\s+)? | i(?:['’]d|\s+would)\s+like\s+(?:you\s+to\s+)? )?
        (?:(?:write|create|make|generate|produce|prepare|give|draft)\s+(?:(?:me|us)\s+)?)?
        (?:(?:a|an|the)\s+)?
        (?:(?:short|brief|long|detailed|complete|comprehensive|simple|quick|basic|good|new|practical|introductory|step-by-step|in-depth|beginner['’]?s?)\s+){0,3}
        (?:(?:tutorial|course|lesson)\s+(?:about|on|covering|explaining) | (?:guide|introduction)\s+(?:about|on|to))\s+
        (?<topic>\S[^\r\n]*?)
        (?:,?\s+please)?\s*[.!?]*\s*$
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex EnglishRequest();
}
