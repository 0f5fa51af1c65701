namespace StreamRelay.Client.Tasks;

/// <summary>Why a task failed.</summary>
/// <param name="Code">A stable code, or <see langword="null"/>.</param>
/// <param name="Message">A message that can be shown.</param>
public sealed record RelayTaskError(string? Code, string Message);
