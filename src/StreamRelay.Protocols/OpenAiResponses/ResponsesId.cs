using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>The id of a response: that of its task, with a prefix.</summary>
public static class ResponsesId
{
    private const string Prefix = "resp_";

    /// <summary>The id of a task's response.</summary>
    public static string Of(TaskId task) => Prefix + task;

    /// <summary>The id of the task as text; empty when it is not the id of a response.</summary>
    public static string ToTask(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.StartsWith(Prefix, StringComparison.Ordinal) ? id[Prefix.Length..] : "";
    }
}
