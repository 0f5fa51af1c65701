namespace StreamRelay.Agents.Push;

/// <summary>A running task that takes events from outside, one request at a time.</summary>
public sealed class PushSession : IDisposable
{
    private readonly AgentContext _context;
    private readonly ProducerStates _producers;
    private readonly TimeSpan _idleTimeout;
    private readonly ITimer _idle;
#pragma warning disable CA2213 // Requests that wait for their turn outlive the session; a semaphore without a wait handle holds nothing.
    private readonly SemaphoreSlim _turn = new(1);
#pragma warning restore CA2213
    private readonly TaskCompletionSource<StreamEvent> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connected;

    internal PushSession(AgentContext context, ProducerStates producers, TimeSpan idleTimeout)
    {
        _context = context;
        _producers = producers;
        _idleTimeout = idleTimeout;
        _idle = context.Time.CreateTimer(_ => Lose(), null, idleTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends with the terminal event that was pushed.</summary>
    internal Task<StreamEvent> Ended => _ended.Task;

    /// <summary>Ends when no more events are taken.</summary>
    public Task Closed => _ended.Task;

    /// <summary>Counts a producer in, who may be quiet as long as it likes; dispose the result to count it out.</summary>
    public IDisposable Connect()
    {
        Interlocked.Increment(ref _connected);
        return new Connection(this);
    }

    /// <summary>Appends events in order, as far as they are new. On return what was accepted is queued; <see cref="FlushAsync"/> makes it durable.</summary>
    /// <param name="events">The events; a terminal one only as the last.</param>
    /// <param name="first">The producer, with the number of the first of them; or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Gives up between two events.</param>
    /// <exception cref="Streams.PublishException">The stream cannot take an event.</exception>
    public async ValueTask<PushResult> PushAsync(IReadOnlyList<StreamEvent> events, Producer? first, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _idle.Change(_idleTimeout, Timeout.InfiniteTimeSpan);
            return await PushInTurnAsync(events, first, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What the agent returns beside its stream, kept on the task's record.</summary>
    public string? Result
    {
        get => _context.Result;
        set => _context.Result = value;
    }

    /// <summary>Waits until all that was accepted is durable.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => _context.FlushAsync(cancellationToken);

    /// <summary>Takes no more events.</summary>
    public void Dispose()
    {
        _idle.Dispose();
        _ended.TrySetCanceled();
    }

    private async ValueTask<PushResult> PushInTurnAsync(IReadOnlyList<StreamEvent> events, Producer? first, CancellationToken cancellationToken)
    {
        var result = new PushResult(PushVerdict.Accepted, 0, 0, first is { } producer ? _producers.Find(producer.Id) : null);
        for (var index = 0; index < events.Count; index++)
        {
            var by = first?.Next(index);
            var verdict = by is null ? PushVerdict.Accepted : _producers.Judge(by.Value);
            result = result with { Verdict = verdict };
            if (verdict is PushVerdict.Duplicate)
            {
                result = result with { Duplicates = result.Duplicates + 1 };
                continue;
            }

            if (verdict is not PushVerdict.Accepted)
                return result;
            if (_ended.Task.IsCompleted)
                return result with { Verdict = PushVerdict.Ended };

            await AppendAsync(events[index], by, cancellationToken);
            result = result with { Accepted = result.Accepted + 1, Known = by };
        }

        return result;
    }

    private async ValueTask AppendAsync(StreamEvent pushed, Producer? by, CancellationToken cancellationToken)
    {
        var metadata = ProducerStates.Unsigned(pushed.Metadata);
        var signed = pushed with { Metadata = by is { } producer ? ProducerStates.Sign(metadata, producer) : metadata };
        if (signed.Kind.IsTerminal())
            _ended.TrySetResult(signed);
        else
            await _context.PublishAsync(signed, cancellationToken);

        if (by is { } accepted)
            _producers.Add(accepted);
    }

    private void Lose()
    {
        if (Volatile.Read(ref _connected) == 0)
            _ended.TrySetException(new AgentException("producer_lost", $"Nobody pushed an event for {_idleTimeout.TotalSeconds:0.###} s."));
        else
            _idle.Change(_idleTimeout, Timeout.InfiniteTimeSpan);
    }

    private void Leave()
    {
        Interlocked.Decrement(ref _connected);
        _idle.Change(_idleTimeout, Timeout.InfiniteTimeSpan);
    }

    private sealed class Connection(PushSession session) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _left, true))
                session.Leave();
        }
    }
}
