using System.Collections.Concurrent;
using StreamRelay.Storage.Redis.Resp;
using StreamRelay.Streams;

namespace StreamRelay.Storage.Redis;

/// <summary>Each node keeps a hash of the tasks that are read there; the hash goes when its node does.</summary>
internal sealed class RedisReaderDirectory(RespConnection connection, RedisKeys keys, string node, TimeSpan lease, TimeSpan outage, TimeProvider time) : IReaderDirectory
{
    private readonly ConcurrentDictionary<TaskId, int> _here = new();
    private readonly string _key = keys.Readers(node);

    public void Tell(TaskId task, int readers)
    {
        if (readers > 0)
            _here[task] = readers;
        else
            _here.TryRemove(task, out _);

        _ = TellAsync(task, readers);
    }

    public async ValueTask<int> CountElsewhereAsync(TaskId task, CancellationToken cancellationToken) =>
        await Outage.WaitOutAsync(() => CountAsync(task, cancellationToken), outage, time, cancellationToken);

    /// <summary>Says that the node is there; what Redis has lost, or forgot while it was away, is told again.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var kept = await connection.SendAsync(RespCommand.Of("PEXPIRE", _key, (long)lease.TotalMilliseconds), cancellationToken);
        if (kept.AsLong() == 0 && !_here.IsEmpty)
            await connection.SendAsync(_here.Select(pair => Set(pair.Key, pair.Value)).Append(RespCommand.Of("PEXPIRE", _key, (long)lease.TotalMilliseconds)).ToArray(), cancellationToken);
    }

    private async Task<int> CountAsync(TaskId task, CancellationToken cancellationToken)
    {
        var nodes = (await connection.SendAsync(RespCommand.Of("SMEMBERS", keys.Nodes), cancellationToken)).Items.Select(name => name.AsText()).Where(name => name != node);
        var counts = await connection.SendAsync(nodes.Select(name => RespCommand.Of("HGET", keys.Readers(name), task.ToString())).ToArray(), cancellationToken);
        return counts.Where(count => !count.IsNull).Sum(count => (int)count.AsLong());
    }

    private RespCommand Set(TaskId task, int readers) => RespCommand.Of("HSET", _key, task.ToString(), readers);

    private async Task TellAsync(TaskId task, int readers)
    {
        try
        {
            await connection.SendAsync(readers > 0 ? Set(task, readers) : RespCommand.Of("HDEL", _key, task.ToString()), CancellationToken.None);
        }
        catch (IOException)
        {
            // The hash goes in a lease, and what is right then is told anew.
        }
        catch (ObjectDisposedException)
        {
            // The node ends, and its readers with it.
        }
    }
}
