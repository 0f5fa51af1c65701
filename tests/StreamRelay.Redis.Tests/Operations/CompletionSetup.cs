using System.Text;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Operations;

/// <summary>The stream of completion messages of one test, with the nodes that consume it.</summary>
internal sealed class CompletionSetup : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly List<CompletionNode> _nodes = [];

    private CompletionSetup(RedisServer server, TestRedis redis)
    {
        Server = server;
        Redis = redis;
        Options.FillIn(new() { Prefix = SharedRedis.NewPrefix() });
    }

    public RedisServer Server { get; }

    public TestRedis Redis { get; }

    /// <summary>The options of the consumers, with intervals that are short enough for a test.</summary>
    public OperationOptions Options { get; } = new() { ClaimMinIdle = TimeSpan.FromMilliseconds(100), Block = TimeSpan.FromMilliseconds(50), MaxDeliveries = 3 };

    public static async Task<CompletionSetup> NewAsync(RedisServer? server = null)
    {
        server ??= await SharedRedis.GetAsync();
        return new(server, await TestRedis.ConnectAsync(server));
    }

    public CompletionNode Start(Func<CompletionMessage, CompletionResult> handle) => Start(message => ValueTask.FromResult(handle(message)));

    public CompletionNode Start(Func<CompletionMessage, ValueTask<CompletionResult>> handle)
    {
        var node = CompletionNode.Start(Server.ConnectionString, Options, handle);
        lock (_nodes)
            _nodes.Add(node);
        return node;
    }

    public async Task AddAsync(IEnumerable<string> data)
    {
        foreach (var page in data.Chunk(1000))
            await Task.WhenAll(page.Select(text => Redis.SendAsync("XADD", Options.Stream!, "*", "data", text)));
    }

    /// <summary>Returns the number of messages that are not acknowledged, delivered or not.</summary>
    public async Task<long> CountUnacknowledgedAsync()
    {
        var group = Assert.Single(await Redis.Database.StreamGroupInfoAsync(Options.Stream), group => group.Name == Options.Group);
        var unread = await Redis.Database.StreamRangeAsync(Options.Stream, "(" + group.LastDeliveredId, "+");
        return unread.Length + (await Redis.Database.StreamPendingAsync(Options.Stream, Options.Group)).PendingMessageCount;
    }

    /// <summary>Waits until every message is acknowledged.</summary>
    public Task WhenAcknowledgedAsync() => WhenAsync(async () => await CountUnacknowledgedAsync() == 0);

    /// <summary>Returns the data, the reason and the id of every dead letter.</summary>
    public async Task<List<(string Data, string Reason, string Id)>> ReadDeadLettersAsync()
    {
        var letters = await Redis.Database.StreamRangeAsync(Options.DeadLetter);
        return [.. letters.Select(letter => ($"{letter["data"]}", $"{letter["reason"]}", $"{letter["id"]}"))];
    }

    /// <summary>Waits until the condition is true.</summary>
    public static Task WhenAsync(Func<Task<bool>> condition) => Wait.UntilAsync(condition, Deadline, "the queue");

    public static string Text(CompletionMessage message) => Encoding.UTF8.GetString(message.Data!.Value.Span);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();

        await Redis.DisposeAsync();
    }
}
