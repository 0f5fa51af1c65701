using System.Collections.Concurrent;
using StreamRelay.Events;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis;

/// <summary>A load on two nodes: one node appends to logs that the other one follows, both append to a shared log, and both take tasks from the queue.
/// The check at the end requires every acknowledged entry once and in order.</summary>
internal sealed class RedisLoad
{
    private const int Writers = 6;
    private const int Tasks = 100;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RedisStore[] _nodes;
    private readonly TaskId[] _logs = [.. Enumerable.Range(0, Writers).Select(_ => SampleEntries.NewTask())];
    private readonly TaskId _shared = SampleEntries.NewTask();
    private readonly ConcurrentDictionary<TaskId, bool> _open = new();
    private readonly List<Task> _running = [];
    private readonly List<Task<List<long>>> _following = [];
    private readonly long[] _appended = new long[Writers];
    private readonly List<string>[] _sharedTexts = [[], []];
    private volatile bool _isEnding;

    private RedisLoad(RedisStore one, RedisStore two) => _nodes = [one, two];

    /// <summary>The number of acknowledged appends.</summary>
    public long Appended => _appended.Sum() + _sharedTexts.Sum(texts => texts.Count);

    public static async Task<RedisLoad> StartAsync(RedisStore one, RedisStore two)
    {
        var load = new RedisLoad(one, two);
        await one.Log.AppendAsync(load._shared, SampleEntries.Entries(1, 1));
        for (var writer = 0; writer < Writers; writer++)
        {
            var index = writer;
            load._running.Add(Task.Run(() => load.AppendAsync(index)));
        }

        for (var node = 0; node < 2; node++)
        {
            var index = node;
            load._running.Add(Task.Run(() => load.AppendToSharedLogAsync(index)));
            load._running.Add(Task.Run(() => load.WorkAsync(index)));
        }

        await load.WhenAppendedAsync(100);
        load._following.AddRange(load._logs.Select(log => Task.Run(() => load.FollowAsync(log))));
        return load;
    }

    /// <summary>Waits until <paramref name="more"/> further appends are acknowledged.</summary>
    public Task WhenAppendedAsync(long more)
    {
        var goal = Appended + more;
        return Wait.UntilAsync(() => Task.FromResult(Appended), appended => appended >= goal || _running.Any(task => task.IsFaulted), RedisStores.Deadline, $"{goal} appends");
    }

    /// <summary>Ends the load, and checks the logs and the tasks.</summary>
    public async Task EndAsync()
    {
        _isEnding = true;
        await Task.WhenAll(_running).WaitAsync(RedisStores.Deadline);
        for (var writer = 0; writer < Writers; writer++)
        {
            var texts = (await _nodes[1].Log.ReadAllAsync(_logs[writer])).SkipLast(1).Select(entry => entry.Text());
            Assert.Equal(Enumerable.Range(1, (int)_appended[writer]).Select(number => $"t{number}"), texts);
            Assert.Equal(Enumerable.Range(1, (int)_appended[writer] + 1).Select(number => (long)number), await _following[writer].WaitAsync(RedisStores.Deadline));
        }

        var sharedTexts = (await _nodes[1].Log.ReadAllAsync(_shared)).Skip(1).Select(entry => entry.Text()).ToArray();
        for (var node = 0; node < 2; node++)
            Assert.Equal(_sharedTexts[node], sharedTexts.Where(text => text.StartsWith($"{node}:", StringComparison.Ordinal)));
        Assert.Empty(_open);
    }

    private async Task AppendAsync(int writer)
    {
        await using var log = await _nodes[0].Log.OpenAsync(_logs[writer], 1, None);
        while (!_isEnding)
        {
            await log.AppendAsync(SampleEntries.Entries(log.NextOffset, 1), None);
            Interlocked.Increment(ref _appended[writer]);
        }

        await log.AppendAsync(new[] { new StreamEntry(log.NextOffset, DateTimeOffset.UnixEpoch, new(StreamEventKind.End)) }, None);
    }

    private async Task AppendToSharedLogAsync(int node)
    {
        for (var (next, number) = (2L, 0); !_isEnding;)
        {
            if (await _nodes[node].Log.TryAppendAsync(_shared, new[] { SampleEntries.Entry(next, $"{node}:{number}") }, None))
                _sharedTexts[node].Add($"{node}:{number++}");

            next = (await _nodes[node].Feed.GetLastAsync(_shared, None))!.Value.Offset + 1;
        }
    }

    private async Task<List<long>> FollowAsync(TaskId log)
    {
        List<long> offsets = [];
        await foreach (var page in _nodes[1].Feed.FollowAsync(log, 0, None))
            offsets.AddRange(page.ToArray().Select(entry => entry.Offset));

        return offsets;
    }

    /// <summary>Offers tasks, and completes the tasks that the node takes. Tasks that Redis has lost are offered again.</summary>
    private async Task WorkAsync(int node)
    {
        var work = _nodes[node].Work;
        for (var offered = 0; !_isEnding || !_open.IsEmpty;)
        {
            try
            {
                if (!_isEnding && offered++ < Tasks)
                {
                    var task = SampleEntries.NewTask();
                    _open[task] = true;
                    await work.OfferAsync(task, None);
                }

                await work.RenewAsync([], None);
                foreach (var item in await work.TakeAsync(10, None))
                {
                    await work.CompleteAsync(item, None);
                    _open.TryRemove(item.Task, out _);
                }

                if (_isEnding)
                    await work.OfferMissingAsync([.. _open.Keys], None);
            }
            catch (IOException)
            {
                await Task.Delay(BackOff.Delay(0));
            }
        }
    }
}
