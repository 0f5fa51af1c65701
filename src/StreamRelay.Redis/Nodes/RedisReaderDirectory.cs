using StreamRelay.Redis.Resp;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Redis;

/// <summary>Each node keeps a hash of the tasks that are read there; the hash goes when its node does.</summary>
internal sealed class RedisReaderDirectory(RespConnection connection, RedisKeys keys, string node, TimeSpan lease, TimeSpan outage, TimeProvider time) : IReaderDirectory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, int> _here = [];
    private readonly string _key = keys.Readers(node);
    private readonly RespCommand _keep = RespCommand.Of("PEXPIRE", keys.Readers(node), (long)lease.TotalMilliseconds);
    private HashSet<TaskId> _untold = [];
    private bool _isTelling;

    public void Announce(TaskId task, int readers)
    {
        lock (_lock)
        {
            if (readers > 0)
                _here[task] = readers;
            else
                _here.Remove(task);

            _untold.Add(task);
        }

        _ = TellAsync();
    }

    public async ValueTask<int> CountElsewhereAsync(TaskId task, CancellationToken cancellationToken) =>
        await Outage.WaitOutAsync(() => CountAsync(task, cancellationToken), outage, time, cancellationToken);

    /// <summary>Says that the node is there. What Redis has lost, and what it could not be told, is told again.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var kept = await connection.SendAsync(_keep, cancellationToken);
        if (kept.AsLong() == 0)
        {
            lock (_lock)
                _untold.UnionWith(_here.Keys);
        }

        await TellAsync();
    }

    /// <summary>Forgets the nodes that are gone, so that nobody asks for their readers any more.</summary>
    public async Task ForgetGoneAsync(CancellationToken cancellationToken)
    {
        var names = await NodesAsync(cancellationToken);
        var present = await connection.SendAsync(names.Select(name => RespCommand.Of("EXISTS", keys.Node(name), keys.Readers(name))).ToArray(), cancellationToken);
        foreach (var (name, _) in names.Zip(present).Where(one => one.Second.AsLong() == 0))
            await connection.SendAsync(RespCommand.Of("SREM", keys.Nodes, name), cancellationToken);
    }

    /// <summary>Tells what has changed since it was last told: one at a time, so that what is told last is what is true.</summary>
    private async Task TellAsync()
    {
        while (TakeUntold() is { } tasks)
        {
            try
            {
                await connection.SendAsync(Commands(tasks), CancellationToken.None);
                Told();
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The next renewal tells it, unless the node ends.
                Told(failed: tasks);
                return;
            }
        }
    }

    private HashSet<TaskId>? TakeUntold()
    {
        lock (_lock)
        {
            if (_isTelling || _untold.Count == 0)
                return null;

            _isTelling = true;
            (var tasks, _untold) = (_untold, []);
            return tasks;
        }
    }

    private void Told(HashSet<TaskId>? failed = null)
    {
        lock (_lock)
        {
            _isTelling = false;
            if (failed is not null)
                _untold.UnionWith(failed);
        }
    }

    private RespCommand[] Commands(HashSet<TaskId> tasks)
    {
        lock (_lock)
            return [.. tasks.Select(task => _here.TryGetValue(task, out var readers) ? RespCommand.Of("HSET", _key, task.ToString(), readers) : RespCommand.Of("HDEL", _key, task.ToString())), _keep];
    }

    private async Task<int> CountAsync(TaskId task, CancellationToken cancellationToken)
    {
        var others = (await NodesAsync(cancellationToken)).Where(name => name != node);
        var counts = await connection.SendAsync(others.Select(name => RespCommand.Of("HGET", keys.Readers(name), task.ToString())).ToArray(), cancellationToken);
        return counts.Where(count => !count.IsNull).Sum(count => (int)count.AsLong());
    }

    private async Task<IReadOnlyList<string>> NodesAsync(CancellationToken cancellationToken) =>
        [.. (await connection.SendAsync(RespCommand.Of("SMEMBERS", keys.Nodes), cancellationToken)).Items.Select(name => name.AsText())];
}
