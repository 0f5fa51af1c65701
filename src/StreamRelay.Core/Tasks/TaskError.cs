namespace StreamRelay.Tasks;

/// <summary>Why a task failed.</summary>
/// <param name="Code">A stable code, such as <c>agent_failed</c> or <c>interrupted</c>.</param>
/// <param name="Message">A message that is safe to show to the user.</param>
public sealed record TaskError(string Code, string Message);
