using System.Globalization;

namespace StreamRelay.Agents.Probe;

/// <summary>A command for the probe: <c>VERB N DELAYMS</c>.</summary>
internal readonly record struct ProbeCommand(string Verb, int Count, TimeSpan Delay)
{
    private const int MaxCount = 10_000_000;
    private const int MaxDelay = 3_600_000;

    private static readonly string[] Verbs = ["count", "fail", "tool", "call", "reason"];

    /// <exception cref="AgentException">The text is not a command; the message lists the commands.</exception>
    public static ProbeCommand Parse(string? text)
    {
        var words = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words is [var verb, var count, var delay] && Verbs.Contains(verb)
            && TryNumber(count, MaxCount, out var n) && TryNumber(delay, MaxDelay, out var milliseconds)
            ? new(verb, n, TimeSpan.FromMilliseconds(milliseconds))
            : throw new AgentException("invalid_input",
                $"The probe takes 'count N DELAYMS', or fail, tool, call or reason instead of count; N up to {MaxCount}, DELAYMS up to {MaxDelay}.");
    }

    private static bool TryNumber(string text, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
}
