using System.Collections.Concurrent;
using System.Diagnostics;
using StreamRelay.TestSupport;

namespace StreamRelay.Cluster;

/// <summary>Tasks that run and are read during a fault, and further tasks that are started and stopped meanwhile.</summary>
internal sealed class Round : IDisposable
{
    public static readonly string[] Protocols = ["native", "openai-chat", "openai-responses", "anthropic-messages", "ai-sdk", "ag-ui"];

    private const int MostExtra = 12;

    private static readonly (string Agent, string Input)[] Kinds =
    [
        ("probe", "count 300 10"), ("probe", "tool 100 30"), ("probe", "fail 150 20"), ("probe", "count 1000 2"), ("recount", "count 150 20"), ("write_tutorial", "Falling over"),
    ];

    private static readonly int[] Pushes = [400, 150, 1000];

    private readonly ConcurrentQueue<ClusterTask> _extra = new();
    private readonly ConcurrentQueue<Task> _readers = new();
    private readonly CancellationTokenSource _over = new(ClusterServers.Deadline * 2);
    private readonly List<(long Count, TaskCompletionSource Reached)> _awaited = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private Task _extras = Task.CompletedTask;
    private Task _pushing = Task.CompletedTask;
    private long _frames;
    private volatile bool _isEnding;

    private Round(ClusterServers servers, int seed)
    {
        Servers = servers;
        Seed = seed;
        Random = new(seed);
        Client = new(servers, new(Random.Next()));
    }

    public ClusterServers Servers { get; }

    public int Seed { get; }

    public Random Random { get; }

    public ClusterClient Client { get; }

    /// <summary>The producers that push the events of some of the tasks.</summary>
    public IReadOnlyList<ClusterProducer> Producers { get; private set; } = [];

    /// <summary>The tasks that run when the fault happens.</summary>
    public IReadOnlyList<ClusterTask> Tasks { get; private set; } = [];

    public IEnumerable<ClusterTask> All => Tasks.Concat(_extra);

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Starts the tasks and their readers, two of each protocol on different nodes; returns after a random number of frames.</summary>
    public static async Task<Round> BeginAsync(ClusterServers servers, int seed)
    {
        var round = new Round(servers, seed);
        var pushed = await Task.WhenAll(Pushes.Select(count => round.StartAsync("remote", $"{count}")));
        round.Tasks = [.. await Task.WhenAll(Kinds.Select(kind => round.StartAsync(kind.Agent, kind.Input))), .. pushed];
        round.Producers = [.. pushed.Zip(Pushes, (task, count) => new ClusterProducer(servers, task, count, new(round.Random.Next())))];
        foreach (var (index, task) in round.Tasks.Index())
        {
            foreach (var (offset, protocol) in Protocols.Index())
            {
                round.Read(task, protocol, servers.Nodes[(index + offset) % servers.Nodes.Count]);
                round.Read(task, protocol, servers.Nodes[(index + offset + 1) % servers.Nodes.Count]);
            }
        }

        round._pushing = Task.WhenAll(round.Producers.Select(producer => producer.RunAsync(round._over.Token)));
        round._extras = Task.WhenAll(round.StartAndStopAsync(), round.StartAndStopAsync());
        await round.WhenSeenAsync(round.Random.Next(50, 1_000));
        return round;
    }

    /// <summary>Redis writes to its disk every second, so it may lose the last second and no more.</summary>
    public Task WhenAboutASecondHasPassedAsync() => Task.WhenAny(WhenSeenAsync(Random.Next(50, 2_000)), Task.Delay(TimeSpan.FromSeconds(1)));

    /// <summary>Waits until all readers together have received this many more frames.</summary>
    public async Task WhenSeenAsync(int more)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_awaited)
            _awaited.Add((_frames + more, reached));

        await Task.WhenAny(reached.Task, WhenReadAsync()).WaitAsync(ClusterServers.Deadline);
    }

    /// <summary>The node that runs most of the tasks, or the one that runs fewest.</summary>
    public async Task<(ClusterNode Node, IReadOnlyList<ClusterTask> Runs)> VictimAsync(bool busy = true)
    {
        var runners = await Task.WhenAll(Tasks.Select(task => Servers.RunnerAsync(task.Id)));
        var runs = Servers.Nodes.Select(node => (Node: node, Runs: Tasks.Where((_, index) => runners[index] == node).ToList())).OrderBy(one => one.Runs.Count).ToList();
        return busy ? runs[^1] : runs[0];
    }

    /// <summary>Starts no more tasks, and waits until every reader has the end of its task and no work item is open.</summary>
    public async Task EndAsync()
    {
        _isEnding = true;
        await Task.WhenAll(_extras, _pushing).WaitAsync(ClusterServers.Deadline);
        await WhenReadAsync().WaitAsync(ClusterServers.Deadline);
        await Wait.UntilAsync(Servers.OpenWorkAsync, open => open == 0, ClusterServers.Deadline, "all tasks are done with");
    }

    /// <summary>The readers that have not finished, for a failure message.</summary>
    public async Task<string> UnfinishedAsync()
    {
        List<string> found = [.. Producers.Select(producer => producer.Position)];
        foreach (var task in All)
        {
            var readers = task.Readers.Where(reader => ReceivedStream.Parse(reader.Protocol, reader.Seen).Status is null).ToList();
            if (readers.Count > 0)
                found.Add($"unfinished: {task} in {string.Join(' ', readers.Select(reader => reader.Position))}: {await Servers.DescribeAsync(task.Id)}");
        }

        return string.Join('\n', found);
    }

    public void Dispose()
    {
        _over.Cancel();
        _over.Dispose();
    }

    private Task WhenReadAsync() => Task.WhenAll(_readers);

    private async Task<ClusterTask> StartAsync(string agent, string input) => new(await Client.StartAsync(agent, input), agent, input);

    private ClusterReader Read(ClusterTask task, string protocol, ClusterNode? first)
    {
        int seed;
        lock (Random)
            seed = Random.Next();

        var reader = new ClusterReader(Servers, task, protocol, first, new(seed));
        reader.FrameSeen += Count;
        task.Readers.Add(reader);
        _readers.Enqueue(reader.RunAsync(_over.Token));
        return reader;
    }

    private async Task StartAndStopAsync()
    {
        for (var count = 0; count < MostExtra && !_isEnding; count++)
        {
            var task = await StartAsync("probe", "count 2000 10");
            _extra.Enqueue(task);
            var frameSeen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var reader = Read(task, "native", null);
            reader.FrameSeen += () => frameSeen.TrySetResult();
            var other = Read(task, "ag-ui", null);
            other.FrameSeen += () => frameSeen.TrySetResult();
            await frameSeen.Task.WaitAsync(ClusterServers.Deadline);
            var stopped = await Client.StopAsync(task.Id);
            Assert.Contains(stopped.GetProperty("status").GetString(), (string[])["stopped", "failed"]);
        }
    }

    private void Count()
    {
        var frames = Interlocked.Increment(ref _frames);
        lock (_awaited)
        {
            foreach (var (count, reached) in _awaited)
            {
                if (frames >= count)
                    reached.TrySetResult();
            }
        }
    }
}
