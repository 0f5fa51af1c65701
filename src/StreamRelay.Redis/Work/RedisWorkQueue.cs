using StreamRelay.Cluster;
using StreamRelay.Redis.Resp;
using StreamRelay.Tasks;

namespace StreamRelay.Redis;

/// <summary>Open tasks on a stream with a consumer group: each is delivered to one node, and again when that node is silent for a lease.</summary>
internal sealed class RedisWorkQueue(
    RespConnection connection, RespConnection blocking, RedisReaderDirectory readers, RedisKeys keys, RedisStoreOptions options, TimeSpan outage, TimeProvider time) : IWorkQueue
{
    private const string Group = "nodes";
    private const string TaskField = "task";
    private const string Beginning = "0-0";
    private const int PageSize = 1000;

    /// <summary>How much later than others a node may be back after an outage.</summary>
    private static readonly TimeSpan Straggle = TimeSpan.FromSeconds(2);

    private readonly long _leaseMilliseconds = (long)options.Lease.TotalMilliseconds;
    private readonly TimeSpan _block = options.Lease / 4;
    private readonly Calm _calm = new(connection, options.Lease / 2, time);
    private string _cursor = Beginning;
    private long _generation;

    public string Node => options.Node;

    public TimeSpan Lease => options.Lease;

    public async ValueTask OfferAsync(TaskId task, CancellationToken cancellationToken) =>
        await Outage.WaitOutAsync(() => connection.SendAsync(Offer(task), cancellationToken), outage, time, cancellationToken);

    public async ValueTask<IReadOnlyList<WorkItem>> TakeAsync(int limit, CancellationToken cancellationToken)
    {
        if (connection.Generation != _generation)
        {
            await MakeGroupAsync(cancellationToken);
            _generation = connection.Generation;
        }

        try
        {
            // After an outage everybody looks silent: those who live must be able to say so first. It may have begun with this very question.
            var abandoned = IsCalm() ? await _calm.WatchAsync(() => ClaimAsync(limit, cancellationToken)) : [];
            return abandoned.Count > 0 && IsCalm() ? abandoned : await _calm.WatchAsync(() => ReadAsync(limit, cancellationToken), _block);
        }
        catch (RespErrorException exception) when (exception.Code == "NOGROUP")
        {
            // Redis has lost it.
            await MakeGroupAsync(cancellationToken);
            return [];
        }
    }

    public async ValueTask RenewAsync(IReadOnlyCollection<WorkItem> items, CancellationToken cancellationToken)
    {
        RespCommand[] commands = [RespCommand.Of("SET", keys.Node(Node), "", "PX", _leaseMilliseconds), RespCommand.Of("SADD", keys.Nodes, Node)];
        await _calm.WatchAsync(() => SendAsync(commands, cancellationToken));
        await readers.RenewAsync(cancellationToken);
        foreach (var page in items.Chunk(PageSize))
            await connection.SendAsync(Claim(page, ["JUSTID", "FORCE"]), cancellationToken);
    }

    public async ValueTask<bool> IsAliveAsync(string node, CancellationToken cancellationToken) =>
        (await _calm.WatchAsync(() => connection.SendAsync(RespCommand.Of("EXISTS", keys.Node(node)), cancellationToken))).AsLong() > 0 || !IsCalm();

    public async ValueTask<int> OfferMissingAsync(IReadOnlyCollection<TaskId> tasks, CancellationToken cancellationToken)
    {
        if (tasks.Count == 0)
            return 0;

        var missing = tasks.ToHashSet();
        for (var start = "-"; ;)
        {
            var page = (await connection.SendAsync(RespCommand.Of("XRANGE", keys.Work, start, "+", "COUNT", PageSize), cancellationToken)).Items;
            missing.ExceptWith(page.Select(element => Read(element, isAbandoned: false).Task));
            if (page.Count < PageSize)
                break;

            start = "(" + page[^1].Items[0].AsText();
        }

        foreach (var task in missing)
            await connection.SendAsync(Offer(task), cancellationToken);

        return missing.Count;
    }

    public async ValueTask ReleaseAsync(WorkItem item, CancellationToken cancellationToken)
    {
        // Who is there does not lose what the records say is theirs.
        RespCommand[] commands = [RespCommand.Of("UNLINK", keys.Node(Node)), Claim([item], ["IDLE", _leaseMilliseconds + 1, "JUSTID"])];
        await connection.SendAsync(commands, cancellationToken);
    }

    public async ValueTask CompleteAsync(WorkItem item, CancellationToken cancellationToken)
    {
        RespCommand[] commands = [RespCommand.Of("XACK", keys.Work, Group, item.Ticket), RespCommand.Of("XDEL", keys.Work, item.Ticket)];
        await connection.SendAsync(commands, cancellationToken);
    }

    /// <summary>Makes the group, from the first task on, unless there is one.</summary>
    public async Task MakeGroupAsync(CancellationToken cancellationToken)
    {
        try
        {
            await connection.SendAsync(RespCommand.Of("XGROUP", "CREATE", keys.Work, Group, "0", "MKSTREAM"), cancellationToken);
        }
        catch (RespErrorException exception) when (exception.Code == "BUSYGROUP")
        {
            // Another node has made it.
        }
    }

    private bool IsCalm() => _calm.Lasts(options.Lease + Straggle);

    private RespCommand Offer(TaskId task) => RespCommand.Of("XADD", keys.Work, "*", TaskField, task.ToString());

    private RespCommand Claim(IReadOnlyCollection<WorkItem> items, RespArgument[] how) =>
        RespCommand.Of("XCLAIM", [keys.Work, Group, Node, 0, .. items.Select(item => (RespArgument)item.Ticket), .. how]);

    private async Task<IReadOnlyList<WorkItem>> ClaimAsync(int limit, CancellationToken cancellationToken)
    {
        // A page may hold nothing but what others have in hand.
        IReadOnlyList<WorkItem> found;
        do
        {
            var answer = await connection.SendAsync(
                RespCommand.Of("XAUTOCLAIM", keys.Work, Group, Node, _leaseMilliseconds, _cursor, "COUNT", limit), cancellationToken);
            _cursor = answer.Items[0].AsText();
            found = [.. answer.Items[1].Items.Where(element => !element.IsNull).Select(element => Read(element, isAbandoned: true))];
        }
        while (found.Count == 0 && _cursor != Beginning);

        return found;
    }

    private async Task<IReadOnlyList<WorkItem>> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        // Uneven, so that no node is always the first to look when a lease has run out.
        var block = _block * (0.5 + (Random.Shared.NextDouble() / 2));
        var answer = await blocking.SendBlockingAsync(
            RespCommand.Of("XREADGROUP", "GROUP", Group, Node, "COUNT", limit, "BLOCK", (long)block.TotalMilliseconds, "STREAMS", keys.Work, ">"),
            block, cancellationToken);
        return answer.IsNull ? [] : [.. answer.Items[1].Items.Select(element => Read(element, isAbandoned: false))];
    }

    private async Task<RespValue[]> SendAsync(RespCommand[] commands, CancellationToken cancellationToken)
    {
        var answers = await connection.SendAsync(commands, cancellationToken);
        foreach (var answer in answers)
            answer.ThrowIfError();

        return answers;
    }

    private static WorkItem Read(RespValue element, bool isAbandoned) =>
        new(TaskId.TryParse(element.Items[1].Items[1].AsText(), out var task) ? task : default, element.Items[0].AsText(), isAbandoned);
}
