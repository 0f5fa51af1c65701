using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <summary>What an agent says about an input.</summary>
/// <param name="Fault">Why it cannot use the input, or <see langword="null"/>.</param>
/// <param name="Dropped">The fields of the client's request that the agent cannot pass on.</param>
public sealed record InputReport(InputFault? Fault, IReadOnlyList<string> Dropped)
{
    /// <summary>The input is used as it is.</summary>
    public static InputReport Accepted { get; } = new(null, []);

    /// <summary>The report of an agent that needs a user message with text in it.</summary>
    public static InputReport RequireUserText(TaskInput input) =>
        input.LastUserText() is null ? new(new("no_user_message", "holds no user message with text in it"), []) : Accepted;
}
