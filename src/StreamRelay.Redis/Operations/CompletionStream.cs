using StreamRelay.Redis.Resp;


namespace StreamRelay.Redis;

/// <summary>The stream of completion messages, its consumer group and its dead letters, in the words of Redis.</summary>
internal sealed class CompletionStream(RespConnection connection, RespConnection blocking, OperationOptions options)
{
    private readonly string _key = options.Stream!;
    private readonly string _consumer = options.Consumer!;
    private readonly string _deadLetter = options.DeadLetter!;

    /// <summary>Makes the group, from the first message on, unless there is one.</summary>
    public async Task MakeGroupAsync(CancellationToken cancellationToken)
    {
        try
        {
            await connection.SendAsync(RespCommand.Of("XGROUP", "CREATE", _key, options.Group, "0", "MKSTREAM"), cancellationToken);
        }
        catch (RespErrorException exception) when (exception.Code == "BUSYGROUP")
        {
            // It is there already.
        }
    }

    /// <summary>Takes over a page of the messages that were too long in somebody's hands, each with the number of its deliveries.</summary>
    public async Task<CompletionPage> ClaimAsync(string cursor, CancellationToken cancellationToken)
    {
        var answer = await connection.SendAsync(
            RespCommand.Of("XAUTOCLAIM", _key, options.Group, _consumer, (long)options.ClaimMinIdle.TotalMilliseconds, cursor, "COUNT", options.Batch), cancellationToken);

        // What was deleted while it was in somebody's hands is null before Redis 7.
        var entries = answer.Items[1].Items.Where(static entry => !entry.IsNull).ToArray();
        return new(entries.Length == 0 ? [] : await CountAsync(entries, cancellationToken), answer.Items[0].AsText());
    }

    /// <summary>Reads messages that nobody has read.</summary>
    /// <param name="wait">Whether to wait for one when there is none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<CompletionMessage>> ReadAsync(bool wait, CancellationToken cancellationToken)
    {
        RespArgument[] block = wait ? ["BLOCK", (long)options.Block.TotalMilliseconds] : [];
        var answer = await blocking.SendBlockingAsync(
            RespCommand.Of("XREADGROUP", ["GROUP", options.Group, _consumer, "COUNT", options.Batch, .. block, "STREAMS", _key, ">"]),
            wait ? options.Block : TimeSpan.Zero, cancellationToken);
        return answer.IsNull ? [] : [.. answer.Items[1].Items.Select(static entry => Read(entry, deliveries: 1))];
    }

    /// <summary>Ends a message: it is not delivered again.</summary>
    public Task AcknowledgeAsync(CompletionMessage message, CancellationToken cancellationToken) =>
        connection.SendAsync(RespCommand.Of("XACK", _key, options.Group, message.Id), cancellationToken);

    /// <summary>Adds a message as it came to the dead letters, with the reason and its id, and ends it.</summary>
    public async Task BuryAsync(CompletionMessage message, string reason, CancellationToken cancellationToken)
    {
        // Not in one transaction: it would acknowledge also when the dead letter is refused. Between the two, a crash can only repeat the letter.
        await connection.SendAsync(
            RespCommand.Of("XADD", [_deadLetter, "*", .. message.Fields.Select(static field => (RespArgument)field), "reason", reason, "id", message.Id]), cancellationToken);
        await AcknowledgeAsync(message, cancellationToken);
    }

    /// <summary>Takes back that a message was delivered; it is delivered again as if it had not been.</summary>
    public Task UncountAsync(CompletionMessage message, CancellationToken cancellationToken) =>
        connection.SendAsync(RespCommand.Of("XCLAIM", _key, options.Group, _consumer, 0, message.Id, "RETRYCOUNT", message.Deliveries - 1, "JUSTID"), cancellationToken);

    /// <summary>Removes about so many of the oldest messages as are too many, and none that any group has yet to read or to acknowledge.</summary>
    /// <returns>How many.</returns>
    public async Task<long> TrimAsync(CancellationToken cancellationToken)
    {
        var excess = (await connection.SendAsync(RespCommand.Of("XLEN", _key), cancellationToken)).AsLong() - options.MaxLength;
        if (excess <= 0 || await OldestNeededAsync(cancellationToken) is not { } oldest)
            return 0;

        return (await connection.SendAsync(RespCommand.Of("XTRIM", _key, "MINID", "~", oldest.ToString(), "LIMIT", excess), cancellationToken)).AsLong();
    }

    private async Task<CompletionMessage[]> CountAsync(RespValue[] entries, CancellationToken cancellationToken)
    {
        var questions = entries.Select(static entry => entry.Items[0].AsText())
            .Select(id => RespCommand.Of("XPENDING", _key, options.Group, id, id, 1)).ToArray();
        var answers = await connection.SendAsync(questions, cancellationToken);
        return [.. entries.Zip(answers, static (entry, answer) => Read(entry, Deliveries(answer)))];
    }

    private async Task<EntryId?> OldestNeededAsync(CancellationToken cancellationToken)
    {
        EntryId? oldest = null;
        foreach (var group in (await connection.SendAsync(RespCommand.Of("XINFO", "GROUPS", _key), cancellationToken)).Items)
        {
            var pending = (await connection.SendAsync(RespCommand.Of("XPENDING", _key, Field(group, "name")), cancellationToken)).Items[1];
            if (!EntryId.TryParse(pending.IsNull ? Field(group, "last-delivered-id").Span : pending.AsBytes().Span, out var needed))
                return null;

            oldest = oldest is { } other && other < needed ? other : needed;
        }

        return oldest;
    }

    private static ReadOnlyMemory<byte> Field(RespValue map, string name)
    {
        var index = 0;
        while (map.Items[index].AsText() != name)
            index += 2;

        return map.Items[index + 1].AsBytes();
    }

    private static CompletionMessage Read(RespValue entry, long deliveries) =>
        new(entry.Items[0].AsText(), [.. entry.Items[1].Items.Select(static word => word.AsBytes())]) { Deliveries = deliveries };

    // Another consumer may have ended it since.
    private static long Deliveries(RespValue pending) => pending.Items.Count == 0 ? 1 : pending.Items[0].Items[3].AsLong();
}
