namespace StreamRelay.Tasks;

/// <summary>The error of a failed task.</summary>
/// <param name="Code">A stable code, such as <c>agent_failed</c> or <c>interrupted</c>.</param>
/// <param name="Message">A message that is safe to show to the user.</param>
public sealed record TaskError(string Code, string Message);
