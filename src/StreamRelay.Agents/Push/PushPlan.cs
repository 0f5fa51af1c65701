using StreamRelay.Events;

namespace StreamRelay.Agents.Push;

/// <summary>What is to be done with pushed events, as far as the log is known.</summary>
internal sealed class PushPlan
{
    private readonly List<StreamEvent> _new = [];

    public PushPlan(ProducerStates producers, bool hasEnded, IReadOnlyList<StreamEvent> events, Producer? first)
    {
        var known = first is { } producer ? producers.Find(producer.Id) : null;
        Result = new(PushDecision.Accepted, 0, 0, known);
        for (var index = 0; index < events.Count && IsHarmless; index++)
            Add(events[index], first?.Next(index), hasEnded);
    }

    /// <summary>What is to be appended, signed by its producer.</summary>
    public IReadOnlyList<StreamEvent> New => _new;

    /// <summary>What becomes of the events once <see cref="New"/> is appended.</summary>
    public PushResult Result { get; private set; }

    /// <summary>Whether nothing is refused.</summary>
    public bool IsHarmless => Result.Verdict is PushDecision.Accepted or PushDecision.Duplicate;

    private void Add(StreamEvent pushed, Producer? by, bool hasEnded)
    {
        var verdict = by is { } producer ? producer.Judge(Result.Known) : PushDecision.Accepted;
        if (verdict is PushDecision.Accepted && hasEnded)
            verdict = PushDecision.Ended;

        Result = verdict switch
        {
            PushDecision.Accepted => Result with { Verdict = verdict, Accepted = Result.Accepted + 1, Known = by },
            PushDecision.Duplicate => Result with { Verdict = verdict, Duplicates = Result.Duplicates + 1 },
            _ => Result with { Verdict = verdict },
        };

        if (verdict is PushDecision.Accepted)
            _new.Add(Signed(pushed, by));
    }

    private static StreamEvent Signed(StreamEvent pushed, Producer? by)
    {
        var metadata = ProducerStates.Unsigned(pushed.Metadata);
        return pushed with { Metadata = by is { } producer ? ProducerStates.Sign(metadata, producer) : metadata };
    }
}
