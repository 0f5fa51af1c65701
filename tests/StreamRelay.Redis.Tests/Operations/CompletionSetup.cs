using System.Text;
using StreamRelay.Redis.Resp;
using StreamRelay.Testing;

namespace StreamRelay.Redis.Operations;

/// <summary>A stream of completion messages of a test's own, seen from outside.</summary>
internal sealed class CompletionSetup : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly List<CompletionNode> _nodes = [];

    private CompletionSetup(RedisServer server, RespConnection redis)
    {
        Server = server;
        Redis = redis;
        Options.FillIn(new() { Prefix = SharedRedis.NewPrefix() });
    }

    public RedisServer Server { get; }

    public RespConnection Redis { get; }

    /// <summary>Impatient enough for a test.</summary>
    public OperationOptions Options { get; } = new() { ClaimMinIdle = TimeSpan.FromMilliseconds(100), Block = TimeSpan.FromMilliseconds(50), MaxDeliveries = 3 };

    public static async Task<CompletionSetup> NewAsync(RedisServer? server = null)
    {
        server ??= await SharedRedis.GetAsync();
        return new(server, await server.ConnectAsync());
    }

    public CompletionNode Start(Func<CompletionMessage, CompletionVerdict> handle) => Start(message => ValueTask.FromResult(handle(message)));

    public CompletionNode Start(Func<CompletionMessage, ValueTask<CompletionVerdict>> handle)
    {
        var node = CompletionNode.Start(Server.ConnectionString, Options, handle);
        lock (_nodes)
            _nodes.Add(node);
        return node;
    }

    public async Task AddAsync(IEnumerable<string> data)
    {
        foreach (var page in data.Chunk(1000))
            await Redis.SendAsync(Array.ConvertAll(page, text => RespCommand.Of("XADD", Options.Stream!, "*", "data", text)), CancellationToken.None);
    }

    /// <summary>The messages in nobody's hands and acknowledged by nobody, and those in somebody's.</summary>
    public async Task<long> OpenAsync()
    {
        var group = (await Redis.SendAsync("XINFO", "GROUPS", Options.Stream!)).Items[0].Items;
        var last = group[Enumerable.Range(0, group.Count / 2).First(index => group[2 * index].AsText() == "last-delivered-id") * 2 + 1].AsText();
        var unread = await Redis.SendAsync("XRANGE", Options.Stream!, "(" + last, "+");
        var pending = await Redis.SendAsync("XPENDING", Options.Stream!, Options.Group);
        return unread.Items.Count + pending.Items[0].AsLong();
    }

    /// <summary>Waits until every message is acknowledged.</summary>
    public Task WhenSettledAsync() => WhenAsync(async () => await OpenAsync() == 0);

    /// <summary>The dead letters: data, reason and the message's id.</summary>
    public async Task<List<(string Data, string Reason, string Id)>> DeadAsync()
    {
        var letters = await Redis.SendAsync("XRANGE", Options.DeadLetter!, "-", "+");
        return [.. letters.Items.Select(letter => letter.Items[1].Items).Select(fields => (Field(fields, "data"), Field(fields, "reason"), Field(fields, "id")))];
    }

    /// <summary>Looks until the condition holds.</summary>
    public static Task WhenAsync(Func<Task<bool>> condition) => Wait.UntilAsync(condition, Deadline, "the queue");

    public static string Text(CompletionMessage message) => Encoding.UTF8.GetString(message.Data!.Value.Span);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();

        await Redis.DisposeAsync();
    }

    private static string Field(IReadOnlyList<RespValue> fields, string name)
    {
        var index = Enumerable.Range(0, fields.Count / 2).FirstOrDefault(index => fields[2 * index].AsText() == name, -1);
        return index < 0 ? "" : fields[(2 * index) + 1].AsText();
    }
}
