using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Redis.Log;

/// <summary>One attempt to append a batch to a log with several writers. The first with an id has it; a name of its own shows an attempt whether that was itself.</summary>
internal sealed class SharedAppend(StoredLog stored, TaskId task, ReadOnlyMemory<StreamEntry> entries, LossRecovery recovery)
{
    private readonly byte[] _name = Guid.NewGuid().ToByteArray();
    private readonly long _offset = entries.Span[0].Offset;
    private bool _inDoubt;

    /// <summary>The element after which the batch was appended.</summary>
    public EntryId Previous { get; private set; }

    /// <summary>The batch as it was appended.</summary>
    public LogElement? Element { get; private set; }

    /// <summary>Appends the batch, unless another one is at its offset. It can be called again after an outage.</summary>
    /// <exception cref="LogNotFoundException">There is no log.</exception>
    public async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        var (top, next) = await FindEndAsync(cancellationToken);
        if (next != _offset)
            return _inDoubt && await WasWrittenAsync(cancellationToken);

        _inDoubt = true;
        Previous = top;
        Element = LogElement.Batch(top.Epoch, entries.Span) with { Writer = _name };
        return await stored.TryAppendAsync(new(top), Element, CancellationToken.None) is not null || await WasWrittenAsync(cancellationToken);
    }

    /// <summary>The newest element, and the next offset. Waits while other nodes may append again what the log has lost.</summary>
    private async Task<(EntryId Top, long Next)> FindEndAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // What Redis has lost is appended again first, and a batch in doubt may be a part of it.
            if (!_inDoubt)
                await recovery.WhenOverAsync(cancellationToken);

            var generation = recovery.Generation;
            var (top, next) = await stored.EndAsync(cancellationToken);
            if (generation == recovery.Generation && (next >= _offset || !recovery.IsOngoing))
                return (top ?? throw new LogNotFoundException(task), next);

            await recovery.PauseAsync(cancellationToken);
        }
    }

    private async Task<bool> WasWrittenAsync(CancellationToken cancellationToken) =>
        (await stored.FindAsync(_offset - 1, cancellationToken)).Batches.FirstOrDefault(batch => batch.Id.Offset == _offset).IsBy(_name);
}
