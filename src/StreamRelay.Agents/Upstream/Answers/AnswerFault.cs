using System.Text.Json;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>The failures of an answer that the server itself does not report.</summary>
internal static class AnswerFault
{
    /// <summary>The answer has no end.</summary>
    public static AgentException Interrupted(Exception? cause = null) =>
        new("upstream_interrupted", "The upstream server's answer broke off before its end.", cause);

    /// <summary>The answer holds what no answer has.</summary>
    /// <param name="what">What was found.</param>
    /// <param name="cause">The cause, for the log only.</param>
    public static AgentException Malformed(string what, Exception? cause = null) =>
        new("upstream_malformed", $"The upstream server sent {what}.", cause);

    /// <summary>The answer holds content that events cannot carry.</summary>
    public static AgentException Unsupported(string what) =>
        new("upstream_unsupported", $"The upstream server's answer has {what}, which cannot be relayed.");

    /// <summary>The server says that it did not finish the answer.</summary>
    public static AgentException Ended(string reason) =>
        new("upstream_failed", $"The upstream server ended its answer with the reason '{reason}'.");

    /// <summary>A field has a value of a kind that it never has.</summary>
    public static AgentException Field(string name, JsonValueKind kind) =>
        Malformed($"a field '{name}' that is {Describe(kind)}");

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
