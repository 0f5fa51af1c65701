namespace StreamRelay.Agents.Push;

/// <summary>What became of pushed events.</summary>
/// <param name="Verdict">That of the last one looked at; those before it were accepted or duplicates.</param>
/// <param name="Accepted">How many were appended.</param>
/// <param name="Duplicates">How many were in the log already.</param>
/// <param name="Known">The producer's last event in the log, if it has one.</param>
public readonly record struct PushResult(PushDecision Verdict, int Accepted, int Duplicates, Producer? Known);
