using StreamRelay.Events;

namespace StreamRelay.Agents.Push;

/// <summary>Decides which pushed events are appended, from the part of the log that the session has read.</summary>
internal sealed class PushPlan
{
    private readonly List<StreamEvent> _new;

    public PushPlan(ProducerStates producers, bool hasEnded, IReadOnlyList<StreamEvent> events, Producer? first)
    {
        _new = new(events.Count);
        var known = first is { } producer ? producers.Find(producer.Id) : null;
        Result = new(PushDecision.Accepted, 0, 0, known);
        for (var index = 0; index < events.Count && IsAcceptable; index++)
            Add(events[index], first?.Next(index), hasEnded);
    }

    /// <summary>The events to append, tagged with their producer.</summary>
    public IReadOnlyList<StreamEvent> New => _new;

    /// <summary>The result of the push once <see cref="New"/> is appended.</summary>
    public PushResult Result { get; private set; }

    /// <summary>Whether no event is rejected: each is new or in the log already.</summary>
    public bool IsAcceptable => Result.Decision is PushDecision.Accepted or PushDecision.Duplicate;

    private void Add(StreamEvent pushed, Producer? by, bool hasEnded)
    {
        var decision = by is { } producer ? producer.Classify(Result.Known) : PushDecision.Accepted;
        if (decision is PushDecision.Accepted && hasEnded)
            decision = PushDecision.Ended;

        Result = decision switch
        {
            PushDecision.Accepted => Result with { Decision = decision, Accepted = Result.Accepted + 1, Known = by },
            PushDecision.Duplicate => Result with { Decision = decision, Duplicates = Result.Duplicates + 1 },
            _ => Result with { Decision = decision },
        };

        if (decision is PushDecision.Accepted)
            _new.Add(Tagged(pushed, by));
    }

    private static StreamEvent Tagged(StreamEvent pushed, Producer? by)
    {
        var metadata = ProducerStates.Untagged(pushed.Metadata);
        if (by is { } producer)
            metadata = ProducerStates.Tag(metadata, producer);

        return metadata.Equals(pushed.Metadata) ? pushed : pushed with { Metadata = metadata };
    }
}
