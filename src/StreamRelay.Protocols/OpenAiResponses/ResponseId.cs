using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>A response's id: its task's, with a prefix.</summary>
internal static class ResponseId
{
    private const string Prefix = "resp_";

    public static string Of(TaskId task) => Prefix + task;

    /// <summary>The task's id as text; what is no response's id gives a text that is no task's either.</summary>
    public static string ToTask(string id) => id.StartsWith(Prefix, StringComparison.Ordinal) ? id[Prefix.Length..] : "";
}
