namespace StreamRelay.Agents.Push;

/// <summary>Identifies a pushed event by its producer, so that a repeated request appends no event twice (Durable Streams, idempotent producers).</summary>
/// <param name="Id">The name that the producer chose.</param>
/// <param name="Epoch">The producer raises the epoch at each restart; events of an older epoch are rejected from then on.</param>
/// <param name="Sequence">The number of the event within the epoch: 0, 1, 2 …</param>
public readonly record struct Producer(string Id, long Epoch, long Sequence)
{
    /// <summary>The event that the same producer pushes <paramref name="by"/> events later.</summary>
    public Producer Next(int by = 1) => this with { Sequence = Sequence + by };

    /// <summary>Compares this event with the producer's last event in the log.</summary>
    /// <param name="known">The producer's last event in the log, or <see langword="null"/>.</param>
    internal PushDecision Classify(Producer? known)
    {
        var last = known ?? new(Id, Epoch, -1);
        return Epoch < last.Epoch ? PushDecision.Fenced
            : Epoch > last.Epoch ? Sequence == 0 ? PushDecision.Accepted : PushDecision.BadEpoch
            : Sequence <= last.Sequence ? PushDecision.Duplicate
            : Sequence == last.Sequence + 1 ? PushDecision.Accepted
            : PushDecision.Gap;
    }
}
