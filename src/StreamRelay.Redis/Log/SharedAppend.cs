using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Redis.Log;

/// <summary>One attempt to append a batch to a log with several writers. The first with an id has it; a name of its own shows an attempt whether that was itself.</summary>
internal sealed class SharedAppend(StoredLog stored, TaskId task, ReadOnlyMemory<StreamEntry> entries)
{
    private readonly byte[] _name = Guid.NewGuid().ToByteArray();
    private readonly long _offset = entries.Span[0].Offset;
    private bool _inDoubt;

    /// <summary>Appends the batch, unless another one is at its offset. It can be called again after an outage.</summary>
    /// <exception cref="LogNotFoundException">There is no log.</exception>
    public async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        var top = await stored.TopAsync(cancellationToken) ?? throw new LogNotFoundException(task);
        var last = await stored.LastBatchAsync(top, cancellationToken);
        if ((last?.LastOffset ?? 0) + 1 != _offset)
            return _inDoubt && await WasWrittenAsync(cancellationToken);

        _inDoubt = true;
        var element = LogElement.Batch(top.Id.Epoch, entries.Span) with { Writer = _name };
        return await stored.TryAppendAsync(new(top.Id), element, CancellationToken.None) is not null || await WasWrittenAsync(cancellationToken);
    }

    private async Task<bool> WasWrittenAsync(CancellationToken cancellationToken) =>
        (await stored.FindAsync(_offset - 1, cancellationToken)).Batches.FirstOrDefault(batch => batch.Id.Offset == _offset).IsBy(_name);
}
