namespace StreamRelay.Agents.Push;

/// <summary>Who pushes an event, so that a repetition is known as one (Durable Streams, idempotent producers).</summary>
/// <param name="Id">The producer's own name.</param>
/// <param name="Epoch">Raised by it each time it starts anew; older ones are refused from then on.</param>
/// <param name="Sequence">The number of the event in that epoch: 0, 1, 2 …</param>
public readonly record struct Producer(string Id, long Epoch, long Sequence)
{
    /// <summary>The next event of the same producer.</summary>
    public Producer Next(int by = 1) => this with { Sequence = Sequence + by };

    /// <summary>Whether this is the next event of a producer.</summary>
    /// <param name="known">The producer's last event, or <see langword="null"/>.</param>
    internal PushDecision Judge(Producer? known)
    {
        var last = known ?? new(Id, Epoch, -1);
        return Epoch < last.Epoch ? PushDecision.Fenced
            : Epoch > last.Epoch ? Sequence == 0 ? PushDecision.Accepted : PushDecision.BadEpoch
            : Sequence <= last.Sequence ? PushDecision.Duplicate
            : Sequence == last.Sequence + 1 ? PushDecision.Accepted
            : PushDecision.Gap;
    }
}
