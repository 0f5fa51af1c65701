using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Redis.Resp;
using StreamRelay.Tasks;


namespace StreamRelay.Redis;

/// <summary>One attempt to write the next batch of a log that several write to. Who is first with an id has it; a name of its own tells an attempt whether that was itself.</summary>
internal sealed class SharedAppend(RespConnection connection, StoredLog stored, string key, TaskId task, ReadOnlyMemory<StreamEntry> entries, TimeSpan keep)
{
    private readonly byte[] _name = Guid.NewGuid().ToByteArray();
    private readonly byte[] _bytes = StoredBatch.Write(entries.Span);
    private readonly long _offset = entries.Span[0].Offset;
    private bool _inDoubt;

    /// <summary>Writes the batch, unless another one is there. After an outage it can be called again.</summary>
    /// <exception cref="LogNotFoundException">There is no log.</exception>
    public async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        var generation = connection.Generation;
        var top = await stored.TopAsync(cancellationToken) ?? throw new LogNotFoundException(task);
        var last = await stored.LastBatchAsync(top, cancellationToken);
        if ((last?.LastOffset ?? 0) + 1 != _offset)
            return _inDoubt && await WasWrittenAsync(cancellationToken);

        _inDoubt = true;
        var id = new EntryId(top.Id.Epoch, _offset);
        var add = RespCommand.Of("XADD", key, "NOMKSTREAM", id.ToString(), StoredBatch.Format, _bytes, StoredBatch.Writer, _name);
        return await stored.TryAddAsync(generation, add, Announcement.Of(key, id, entries.Span[^1].Event, keep)) || await WasWrittenAsync(cancellationToken);
    }

    private async Task<bool> WasWrittenAsync(CancellationToken cancellationToken) =>
        (await stored.FindAsync(_offset - 1, cancellationToken)).FirstOrDefault(batch => batch.Id.Offset == _offset).IsBy(_name);
}
