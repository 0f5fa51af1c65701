using StackExchange.Redis;
using StreamRelay.Redis.Connection;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Redis.Nodes;

/// <summary>Each node keeps a hash with the number of readers of each task; it expires when the node has ended.</summary>
internal sealed class RedisReaderDirectory(RedisConnections connections, RedisKeys keys, RedisStoreOptions options, TimeSpan outage) : IReaderDirectory
{
    private readonly RedisConnection _connection = connections.Commands;
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, int> _counts = [];
    private readonly RedisKey _key = keys.Readers(options.Node);
    private HashSet<TaskId> _changed = [];
    private bool _isWriting;

    public void Announce(TaskId task, int readers)
    {
        lock (_lock)
        {
            if (readers > 0)
                _counts[task] = readers;
            else
                _counts.Remove(task);

            _changed.Add(task);
        }

        _ = WriteChangesAsync();
    }

    public async ValueTask<int> CountElsewhereAsync(TaskId task, CancellationToken cancellationToken) =>
        await Outage.WaitOutAsync(() => CountAsync(task, cancellationToken), outage, connections.Time, cancellationToken);

    /// <summary>Extends the life of the hash, and writes again what Redis has lost and what could not be written.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (!await _connection.SendAsync(database => database.KeyExpireAsync(_key, options.Lease), cancellationToken))
        {
            lock (_lock)
                _changed.UnionWith(_counts.Keys);
        }

        await WriteChangesAsync();
    }

    /// <summary>Removes the names of nodes that have ended, so that their readers are not looked up any more.</summary>
    public async Task RemoveEndedAsync(CancellationToken cancellationToken)
    {
        var names = await NodesAsync(cancellationToken);
        var present = await _connection.SendAsync(
            database => Task.WhenAll(names.Select(name => database.KeyExistsAsync([keys.Node(name), keys.Readers(name)]))), cancellationToken);
        foreach (var (name, _) in names.Zip(present).Where(one => one.Second == 0))
            await _connection.SendAsync(database => database.SetRemoveAsync(keys.Nodes, name), cancellationToken);
    }

    /// <summary>Writes the changes since the last write: one write at a time, so that the last one contains the current numbers.</summary>
    private async Task WriteChangesAsync()
    {
        while (TakeChanged() is { } tasks)
        {
            try
            {
                await _connection.SendAsync(database => Task.WhenAll(Write(database, tasks)), CancellationToken.None);
                Written();
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The next renewal writes them, unless the node ends.
                Written(failed: tasks);
                return;
            }
        }
    }

    private HashSet<TaskId>? TakeChanged()
    {
        lock (_lock)
        {
            if (_isWriting || _changed.Count == 0)
                return null;

            _isWriting = true;
            (var tasks, _changed) = (_changed, []);
            return tasks;
        }
    }

    private void Written(HashSet<TaskId>? failed = null)
    {
        lock (_lock)
        {
            _isWriting = false;
            if (failed is not null)
                _changed.UnionWith(failed);
        }
    }

    private Task<bool>[] Write(IDatabase database, HashSet<TaskId> tasks)
    {
        lock (_lock)
        {
            Task<bool>[] writes = [.. tasks.Select(task => _counts.TryGetValue(task, out var readers)
                ? database.HashSetAsync(_key, task.ToString(), readers)
                : database.HashDeleteAsync(_key, task.ToString()))];
            return [.. writes, database.KeyExpireAsync(_key, options.Lease)];
        }
    }

    private async Task<int> CountAsync(TaskId task, CancellationToken cancellationToken)
    {
        var others = (await NodesAsync(cancellationToken)).Where(name => name != options.Node);
        var counts = await _connection.SendAsync(
            database => Task.WhenAll(others.Select(name => database.HashGetAsync(keys.Readers(name), task.ToString()))), cancellationToken);
        return counts.Where(count => count.HasValue).Sum(count => (int)count);
    }

    private async Task<string[]> NodesAsync(CancellationToken cancellationToken) =>
        Array.ConvertAll(await _connection.SendAsync(database => database.SetMembersAsync(keys.Nodes), cancellationToken), name => $"{name}");
}
