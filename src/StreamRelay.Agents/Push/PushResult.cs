namespace StreamRelay.Agents.Push;

/// <summary>The result of a push.</summary>
/// <param name="Decision">The decision about the last event that was classified; the events before it were accepted or duplicates.</param>
/// <param name="Accepted">The number of events that were appended.</param>
/// <param name="Duplicates">The number of events that the log had already.</param>
/// <param name="Known">The producer's last event in the log, or <see langword="null"/>.</param>
public readonly record struct PushResult(PushDecision Decision, int Accepted, int Duplicates, Producer? Known);
