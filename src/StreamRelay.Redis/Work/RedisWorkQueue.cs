using System.Text;
using StackExchange.Redis;
using StreamRelay.Cluster;
using StreamRelay.Redis.Connection;
using StreamRelay.Redis.Nodes;
using StreamRelay.Tasks;

namespace StreamRelay.Redis.Work;

/// <summary>Open tasks in a stream with a consumer group: each is delivered to one node, and to another one when that node was silent for a lease.</summary>
internal sealed class RedisWorkQueue(
    RedisConnections connections, NodeCounts counts, LossRecovery recovery, RedisKeys keys, RedisStoreOptions options, TimeSpan outage) : IWorkQueue
{
    private const string Group = "nodes";
    private const string TaskField = "task";
    private const string Beginning = "0-0";
    private const int PageSize = 1000;

    private readonly RedisConnection _connection = connections.Commands;
    private readonly long _leaseMilliseconds = (long)options.Lease.TotalMilliseconds;
    private readonly TimeSpan _block = options.Lease / 4;
    private readonly OutageGuard _guard = new(connections.Commands, options.Lease / 2, connections.Time);
    private RedisValue _cursor = Beginning;
    private long _generation;

    public string Node => options.Node;

    public TimeSpan Lease => options.Lease;

    public async ValueTask OfferAsync(TaskId task, CancellationToken cancellationToken) =>
        await Outage.WaitOutAsync(() => AddAsync(task, cancellationToken), outage, connections.Time, cancellationToken);

    public async ValueTask<IReadOnlyList<WorkItem>> TakeAsync(int limit, CancellationToken cancellationToken)
    {
        var generation = _connection.Generation;
        if (generation == 0 || generation != _generation)
        {
            await CreateGroupAsync(cancellationToken);
            _generation = generation;
        }

        try
        {
            // After an outage every node looks silent until it could renew its key. The outage may have begun with this very command.
            var abandoned = MayClaim() ? await _guard.WatchAsync(() => ClaimAsync(limit, cancellationToken)) : [];
            return abandoned.Count > 0 && MayClaim() ? abandoned : await _guard.WatchAsync(() => ReadAsync(limit, cancellationToken), _block);
        }
        catch (RedisRefusedException refusal) when (refusal.Code == "NOGROUP")
        {
            // Redis has lost the stream.
            await CreateGroupAsync(cancellationToken);
            return [];
        }
    }

    public async ValueTask RenewAsync(IReadOnlyCollection<WorkItem> items, CancellationToken cancellationToken)
    {
        await _guard.WatchAsync(() => _connection.SendAsync(
            database => Task.WhenAll(database.StringSetAsync(keys.Node(Node), "", options.Lease), database.SetAddAsync(keys.Nodes, Node)), cancellationToken));
        await recovery.DetectAsync(cancellationToken);
        await counts.RenewAsync(cancellationToken);
        foreach (var page in items.Chunk(PageSize))
            await _connection.SendAsync(database => ClaimAsync(database, page, "JUSTID", "FORCE"), cancellationToken);
    }

    public async ValueTask<bool> IsAliveAsync(string node, CancellationToken cancellationToken) =>
        await _guard.WatchAsync(() => _connection.SendAsync(database => database.KeyExistsAsync(keys.Node(node)), cancellationToken)) || !MayClaim();

    public async ValueTask<int> OfferMissingAsync(IReadOnlyCollection<TaskId> tasks, CancellationToken cancellationToken)
    {
        if (tasks.Count == 0)
            return 0;

        var missing = tasks.ToHashSet();
        for (var start = "-"; ;)
        {
            var page = await _connection.SendAsync(database => database.StreamRangeAsync(keys.Work, start, "+", PageSize), cancellationToken);
            missing.ExceptWith(page.Select(element => ParseTask($"{element.Values[0].Value}")));
            if (page.Length < PageSize)
                break;

            start = "(" + page[^1].Id;
        }

        foreach (var task in missing)
            await AddAsync(task, cancellationToken);

        return missing.Count;
    }

    public async ValueTask ReleaseAsync(WorkItem item, CancellationToken cancellationToken) =>

        // A node whose key exists keeps the tasks whose records name it.
        await _connection.SendAsync(
            async database =>
            {
                var removed = database.KeyDeleteAsync(keys.Node(Node));
                await ClaimAsync(database, [item], "IDLE", _leaseMilliseconds + 1, "JUSTID");
                return await removed;
            },
            cancellationToken);

    public async ValueTask CompleteAsync(WorkItem item, CancellationToken cancellationToken) => await _connection.SendAsync(
        database => Task.WhenAll(
            database.StreamAcknowledgeAsync(keys.Work, Group, item.Ticket), database.StreamDeleteAsync(keys.Work, [item.Ticket])),
        cancellationToken);

    /// <summary>Creates the consumer group, from the first task on, unless there is one.</summary>
    public Task CreateGroupAsync(CancellationToken cancellationToken) => ConsumerGroup.CreateAsync(_connection, keys.Work, Group, cancellationToken);

    private static TaskId ParseTask(string text) => TaskId.TryParse(text, out var task) ? task : default;

    private bool MayClaim() => _guard.HasLasted(options.Lease + LossRecovery.Grace);

    private Task<RedisValue> AddAsync(TaskId task, CancellationToken cancellationToken) =>
        _connection.SendAsync(database => database.StreamAddAsync(keys.Work, TaskField, task.ToString()), cancellationToken);

    private Task<RedisResult> ClaimAsync(IDatabase database, IReadOnlyCollection<WorkItem> items, params object[] how) =>
        database.ExecuteAsync("XCLAIM", [(RedisKey)keys.Work, Group, Node, 0, .. items.Select(item => item.Ticket), .. how]);

    private async Task<IReadOnlyList<WorkItem>> ClaimAsync(int limit, CancellationToken cancellationToken)
    {
        // A page may contain only tasks that living nodes have in hand.
        IReadOnlyList<WorkItem> found;
        do
        {
            var page = await _connection.SendAsync(
                database => database.StreamAutoClaimAsync(keys.Work, Group, Node, _leaseMilliseconds, _cursor, limit), cancellationToken);
            _cursor = page.NextStartId;
            found = [.. page.ClaimedEntries.Where(element => !element.IsNull)
                .Select(element => new WorkItem(ParseTask($"{element.Values[0].Value}"), $"{element.Id}", IsAbandoned: true))];
        }
        while (found.Count == 0 && _cursor != Beginning);

        return found;
    }

    private async Task<IReadOnlyList<WorkItem>> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        // At random, so that no node is always the first to look when a lease has ended.
        var block = _block * (0.5 + (Random.Shared.NextDouble() / 2));
        var elements = await StreamReply.ReadGroupAsync(
            connections.Work,
            ["GROUP", Group, Node, "COUNT", limit, "BLOCK", (long)block.TotalMilliseconds, "STREAMS", (RedisKey)keys.Work, ">"],
            cancellationToken);
        return [.. elements.Select(element => new WorkItem(ParseTask(Encoding.UTF8.GetString(element.Fields[1].Span)), element.Id, IsAbandoned: false))];
    }
}
