using StreamRelay.Agents.Push;
using StreamRelay.Events;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>The lines of a request that were pushed so far.</summary>
internal sealed class PushedLines
{
    /// <summary>The numbers of all of them, with the decision on the last.</summary>
    public PushResult Total { get; private set; } = new(PushDecision.Accepted, 0, 0, null);

    /// <summary>The last event, or <see langword="null"/>.</summary>
    public StreamEvent? Last { get; private set; }

    /// <summary>Whether the last event ends the task.</summary>
    public bool HasTerminal => Last?.Kind.IsTerminal() is true;

    /// <summary>Whether more can be pushed.</summary>
    public bool CanContinue => Total.Decision is PushDecision.Accepted or PushDecision.Duplicate && !HasTerminal;

    public void Add(PushResult result, StreamEvent last)
    {
        Total = result with { Accepted = Total.Accepted + result.Accepted, Duplicates = Total.Duplicates + result.Duplicates };
        Last = last;
    }
}
