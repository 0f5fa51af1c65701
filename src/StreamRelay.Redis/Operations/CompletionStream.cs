using System.Text;
using StackExchange.Redis;
using StreamRelay.Redis.Connection;
using StreamRelay.Redis.Log;
using RedisElement = StackExchange.Redis.StreamEntry;

namespace StreamRelay.Redis.Operations;

/// <summary>The stream of completion messages, its consumer group and its dead letters.</summary>
internal sealed class CompletionStream(RedisConnection connection, RedisConnection blocking, OperationOptions options) : IAsyncDisposable
{
    private readonly string _key = options.Stream!;
    private readonly string _consumer = options.Consumer!;
    private readonly string _deadLetter = options.DeadLetter!;

    /// <summary>Connects now the connection that waits for messages.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken) => blocking.ConnectAsync(cancellationToken);

    /// <summary>Creates the group, from the first message on, unless there is one.</summary>
    public Task CreateGroupAsync(CancellationToken cancellationToken) => ConsumerGroup.CreateAsync(connection, _key, options.Group, cancellationToken);

    /// <summary>Takes over a page of the messages that were pending for too long, each with the number of its deliveries.</summary>
    public async Task<CompletionPage> ClaimAsync(string cursor, CancellationToken cancellationToken)
    {
        var page = await connection.SendAsync(
            database => database.StreamAutoClaimAsync(_key, options.Group, _consumer, (long)options.ClaimMinIdle.TotalMilliseconds, cursor, options.Batch), cancellationToken);

        // A pending message that was deleted is null before Redis 7.
        var entries = Array.FindAll(page.ClaimedEntries, static entry => !entry.IsNull);
        return new(entries.Length == 0 ? [] : await CountAsync(entries, cancellationToken), $"{page.NextStartId}");
    }

    /// <summary>Reads messages that were delivered to no consumer yet.</summary>
    /// <param name="wait">Whether to wait for one when there is none.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<IReadOnlyList<CompletionMessage>> ReadAsync(bool wait, CancellationToken cancellationToken)
    {
        object[] block = wait ? ["BLOCK", (long)options.Block.TotalMilliseconds] : [];
        var elements = await StreamReply.ReadGroupAsync(
            blocking, ["GROUP", options.Group, _consumer, "COUNT", options.Batch, .. block, "STREAMS", (RedisKey)_key, ">"], cancellationToken);
        return [.. elements.Select(static element => new CompletionMessage(element.Id, element.Fields))];
    }

    /// <summary>Acknowledges a message: it is not delivered again.</summary>
    public Task AcknowledgeAsync(CompletionMessage message, CancellationToken cancellationToken) =>
        connection.SendAsync(database => database.StreamAcknowledgeAsync(_key, options.Group, message.Id), cancellationToken);

    /// <summary>Adds a message unchanged to the dead letters, with the reason and its id, and acknowledges it.</summary>
    public async Task DeadLetterAsync(CompletionMessage message, string reason, CancellationToken cancellationToken)
    {
        NameValueEntry[] fields = [.. message.Fields.Chunk(2).Select(static pair => new NameValueEntry(pair[0], pair[1])), new("reason", reason), new("id", message.Id)];

        // Not in one transaction: it would acknowledge also when the dead letter is refused. Between the two, a crash can only repeat the letter.
        await connection.SendAsync(database => database.StreamAddAsync(_deadLetter, fields), cancellationToken);
        await AcknowledgeAsync(message, cancellationToken);
    }

    /// <summary>Subtracts the last delivery; the message is delivered again as if it had not been.</summary>
    public Task UncountAsync(CompletionMessage message, CancellationToken cancellationToken) => connection.SendAsync(
        database => database.ExecuteAsync("XCLAIM", (RedisKey)_key, options.Group, _consumer, 0, message.Id, "RETRYCOUNT", message.Deliveries - 1, "JUSTID"), cancellationToken);

    /// <summary>Removes about as many of the oldest messages as there are too many, and none that a group has yet to read or to acknowledge.</summary>
    /// <returns>The number of removed messages.</returns>
    public async Task<long> TrimAsync(CancellationToken cancellationToken)
    {
        var excess = await connection.SendAsync(database => database.StreamLengthAsync(_key), cancellationToken) - options.MaxLength;
        if (excess <= 0 || await OldestNeededAsync(cancellationToken) is not { } oldest)
            return 0;

        return await connection.SendAsync(database => database.StreamTrimByMinIdAsync(_key, oldest.ToString(), useApproximateMaxLength: true, limit: excess), cancellationToken);
    }

    public ValueTask DisposeAsync() => blocking.DisposeAsync();

    private async Task<CompletionMessage[]> CountAsync(RedisElement[] entries, CancellationToken cancellationToken)
    {
        var pending = await connection.SendAsync(
            database => Task.WhenAll(entries.Select(entry => database.StreamPendingMessagesAsync(_key, options.Group, 1, RedisValue.Null, entry.Id, entry.Id))), cancellationToken);
        return [.. entries.Zip(pending, static (entry, found) => Read(entry, Deliveries(found)))];
    }

    private async Task<EntryId?> OldestNeededAsync(CancellationToken cancellationToken)
    {
        EntryId? oldest = null;
        foreach (var group in await connection.SendAsync(database => database.StreamGroupInfoAsync(_key), cancellationToken))
        {
            var pending = await connection.SendAsync(database => database.StreamPendingAsync(_key, group.Name), cancellationToken);
            var id = pending.LowestPendingMessageId.IsNull ? group.LastDeliveredId : $"{pending.LowestPendingMessageId}";
            if (!EntryId.TryParse(Encoding.UTF8.GetBytes(id ?? ""), out var needed))
                return null;

            oldest = oldest is { } other && other < needed ? other : needed;
        }

        return oldest;
    }

    private static CompletionMessage Read(RedisElement entry, long deliveries) =>
        new($"{entry.Id}", [.. entry.Values.SelectMany(static field => (ReadOnlyMemory<byte>[])[field.Name, field.Value])]) { Deliveries = deliveries };

    // Another consumer may have acknowledged the message since.
    private static long Deliveries(StreamPendingMessageInfo[] pending) => pending.Length == 0 ? 1 : pending[0].DeliveryCount;
}
