using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;
using StreamRelay.Redis.Operations;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Operations;

/// <summary>Tasks that wait for an operation elsewhere, which is completed by a message on a Redis stream.</summary>
public sealed class OperationStreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private Dictionary<string, string?> _settings = [];
    private RedisServer _redis = null!;
    private string _stream = "";

    public async Task InitializeAsync()
    {
        _settings = await SharedStores.NewClusterAsync();
        _redis = await SharedRedis.GetAsync();
        _stream = _settings["StreamRelay:Cluster:Prefix"] + ":operations";
        _settings["StreamRelay:Agents:remote:Type"] = "push";
        _settings["StreamRelay:Operations:ClaimMinIdle"] = "00:00:00.200";
        _settings["StreamRelay:Operations:Block"] = "00:00:00.100";
        _settings["StreamRelay:Operations:MaxDeliveries"] = "1000";
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_success_becomes_one_observation_and_one_end_however_often_its_message_is_delivered()
    {
        using var app = new RelayApp(_settings);
        var id = await WaitAsync(app, "op/1");
        var messageIds = new List<string>();
        foreach (var result in (string[])["""{"rows":42}""", "\"another\""])
            messageIds.Add(await SendCompletionAsync($$"""{"operation_id":"op/1","task_id":null,"success":true,"result":{{result}},"error":null}"""));

        var task = await app.TaskAsync(id);
        await WhenSettledAsync();

        Assert.Equal(("completed", """{"rows":42}"""), (task.GetProperty("status").GetString(), task.GetProperty("result").GetRawText()));
        var events = Events(await app.ReadAsync(id));
        Assert.Equal(["start", "observation", "usage", "end"], events.Select(json => json.GetProperty("event_type").GetString()));
        Assert.Equal(("call", 42), (events[1].GetProperty("tool_call_id").GetString(), events[1].GetProperty("output").GetProperty("rows").GetInt32()));
        Assert.Equal("", await DeadAsync());
        Assert.Equal(2, messageIds.Distinct().Count());
    }

    [Fact]
    public async Task A_failure_ends_the_task_with_its_reason()
    {
        using var app = new RelayApp(_settings);
        var id = await WaitAsync(app, "op");
        await SendCompletionAsync("""{"operation_id":"op","success":false,"error":"No rows."}""");
        var error = (await app.TaskAsync(id)).GetProperty("error");
        Assert.Equal(("operation_failed", "No rows."), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        await WhenSettledAsync();
    }

    [Fact]
    public async Task A_task_without_an_operation_and_without_a_tool_call_is_named_by_its_id()
    {
        using var app = new RelayApp(_settings);
        var id = await app.StartAsync("x", "remote");
        await SendCompletionAsync($$"""{"task_id":"{{id}}","success":true,"result":"text"}""");
        Assert.Equal("completed", (await app.TaskAsync(id)).GetProperty("status").GetString());
        Assert.Equal(["start", "output", "usage", "end"], Events(await app.ReadAsync(id)).Select(json => json.GetProperty("event_type").GetString()));
    }

    [Fact]
    public async Task Of_several_tasks_of_an_operation_the_one_that_is_named_ends_else_the_newest()
    {
        using var app = new RelayApp(_settings);
        var older = await WaitAsync(app, "op");
        var newer = await WaitAsync(app, "op");
        await SendCompletionAsync($$"""{"operation_id":"op","task_id":"{{older}}","success":true,"result":"older"}""");
        await SendCompletionAsync("""{"operation_id":"op","success":true,"result":"newer"}""");
        Assert.Equal("older", (await app.TaskAsync(older)).GetProperty("result").GetString());
        Assert.Equal("newer", (await app.TaskAsync(newer)).GetProperty("result").GetString());
    }

    [Fact]
    public async Task An_operation_that_tasks_of_several_owners_wait_for_must_name_one()
    {
        foreach (var owner in (int[])[0, 1])
        {
            _settings[$"StreamRelay:Auth:Keys:{owner}:Owner"] = $"owner {owner}";
            _settings[$"StreamRelay:Auth:Keys:{owner}:Hash"] = ApiKey.Hash($"key {owner}");
        }

        using var app = new RelayApp(_settings);
        List<string> waiting = [];
        foreach (var owner in (int[])[0, 1])
        {
            app.Client.DefaultRequestHeaders.Authorization = new("Bearer", $"key {owner}");
            waiting.Add(await WaitAsync(app, "op"));
        }

        await SendCompletionAsync("""{"operation_id":"op","success":true,"result":"ambiguous"}""");
        await Wait.UntilAsync(DeadAsync, dead => dead.Contains("several owners", StringComparison.Ordinal), Deadline, "a dead letter");
        Assert.Equal("running", (await app.TaskAsync(waiting[1], "")).GetProperty("status").GetString());

        await SendCompletionAsync($$"""{"operation_id":"op","task_id":"{{waiting[1]}}","success":true,"result":"named"}""");
        Assert.Equal("named", (await app.TaskAsync(waiting[1])).GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_completion_sent_before_the_server_or_the_task_starts_is_not_lost()
    {
        await SendCompletionAsync("""{"operation_id":"early","success":true,"result":1}""");
        using var app = new RelayApp(_settings);
        await Wait.UntilAsync(PendingAsync, pending => pending == 1, Deadline, "the message is in hand");

        var id = await WaitAsync(app, "early");

        Assert.Equal("1", (await app.TaskAsync(id)).GetProperty("result").GetRawText());
        await WhenSettledAsync();
        Assert.Equal("", await DeadAsync());
    }

    [Fact]
    public async Task A_task_ends_whichever_node_gets_the_completion_message()
    {
        _settings["StreamRelay:Streams:PublishTimeout"] = "00:00:01";
        using var one = new RelayApp(_settings);
        using var two = new RelayApp(_settings);
        string[] operations = ["1", "2", "3", "4", "5", "6"];
        var tasks = await Task.WhenAll(operations.Select(operation => WaitAsync(operation is "1" or "2" or "3" ? one : two, operation)));

        foreach (var operation in operations)
            await SendCompletionAsync($$"""{"operation_id":"{{operation}}","success":true,"result":{{operation}}}""");

        foreach (var (operation, id) in operations.Zip(tasks))
            Assert.Equal(operation, (await two.TaskAsync(id)).GetProperty("result").GetRawText());

        await WhenSettledAsync();
        Assert.Equal("", await DeadAsync());
    }

    [Theory]
    [InlineData("{", "'data' is not valid JSON")]
    [InlineData("[]", "'data' must be a JSON object.")]
    [InlineData("{}", "'success' is required")]
    [InlineData("""{"success":1}""", "'success' must be true or false.")]
    [InlineData("""{"success":true,"result":"\ud800","operation_id":"o"}""", "'result' holds text that is not valid Unicode.")]
    [InlineData("""{"success":true,"result":{"a":"\ud800"},"operation_id":"o"}""", "'result' holds text that is not valid Unicode.")]
    [InlineData("""{"success":true}""", "'operation_id' or 'task_id' is required.")]
    [InlineData("""{"success":true,"task_id":"7"}""", "'7' is not the id of a task")]
    public async Task A_message_that_cannot_be_parsed_is_a_dead_letter_at_once(string data, string reason)
    {
        using var app = new RelayApp(_settings);
        var id = await WaitAsync(app, "op");
        await SendCompletionAsync(data);
        await SendCompletionAsync("""{"operation_id":"op","success":true}""");
        Assert.Equal("completed", (await app.TaskAsync(id)).GetProperty("status").GetString());
        await WhenSettledAsync();
        Assert.StartsWith($"data\n{data}\nreason\n{reason}", await DeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_without_data_is_a_dead_letter()
    {
        using var app = new RelayApp(_settings);
        await _redis.CliAsync("XADD", _stream, "*", "payload", "x");
        await WhenDeadAsync("The message has no field 'data'.");
    }

    [Fact]
    public async Task A_completion_for_a_task_without_an_operation_is_a_dead_letter()
    {
        using var app = new RelayApp(_settings);
        var id = await app.StartAsync("count 1 0");
        await SendCompletionAsync($$"""{"task_id":"{{id}}","success":true}""");
        await WhenDeadAsync($"Task {id} is run by agent 'probe'");
    }

    [Fact]
    public async Task A_task_that_is_found_without_session_or_tool_call_is_a_dead_letter()
    {
        using var app = new RelayApp(_settings);
        var request = new TaskRequest { Id = TaskId.New(TimeProvider.System), Agent = "remote", Owner = "other", CreatedAt = DateTimeOffset.UtcNow, OperationId = "bare", SessionId = "s" };
        await app.Services.GetRequiredService<ITaskStore>().AddAsync(new() { Request = request }, new("x"u8.ToArray(), default), CancellationToken.None);
        await SendCompletionAsync("""{"operation_id":"bare","success":true}""");
        await WhenDeadAsync($"Task {request.Id} waits for operation 'bare' without a session_id or a tool_call_id.");
    }

    [Fact]
    public async Task A_task_that_stays_unknown_is_a_dead_letter_after_so_many_deliveries()
    {
        const string Unknown = "0123456789abcdef0123456789abcdef";
        _settings["StreamRelay:Operations:MaxDeliveries"] = "2";
        using var app = new RelayApp(_settings);
        await SendCompletionAsync("""{"operation_id":"none","success":true}""");
        await WhenDeadAsync("After 2 deliveries: No task waits for operation 'none'.");
        await SendCompletionAsync($$"""{"task_id":"{{Unknown}}","success":true}""");
        await WhenDeadAsync($"After 2 deliveries: There is no task '{Unknown}'.");
    }

    [Fact]
    public async Task Messages_that_arrive_while_PostgreSQL_is_unavailable_wait_for_it()
    {
        await using var postgres = await PostgresServer.StartAsync();
        _settings["ConnectionStrings:Postgres"] = await postgres.CreateDatabaseAsync();
        _settings["StreamRelay:Operations:MaxDeliveries"] = "1";
        using var app = new RelayApp(_settings);
        var id = await WaitAsync(app, "op");
        var consumer = app.Services.GetRequiredService<RedisCompletionConsumer>();

        await postgres.StopAsync();
        await SendCompletionAsync("""{"operation_id":"op","success":true,"result":1}""");
        await Wait.UntilAsync(() => Task.FromResult(consumer.Failure), failure => failure is not null, Deadline, "the consumer fails");
        await postgres.RestartAsync();

        Assert.Equal("1", (await app.TaskAsync(id)).GetProperty("result").GetRawText());
        await Wait.UntilAsync(() => Task.FromResult(consumer.Failure), failure => failure is null, Deadline, "the consumer works again");
        Assert.Equal("", await DeadAsync());
    }

    [Fact]
    public async Task Health_is_degraded_while_messages_cannot_be_read()
    {
        using var app = new RelayApp(_settings);
        await Wait.UntilAsync(() => HealthAsync(app), health => health == "healthy", Deadline, "healthy");
        await _redis.CliAsync("DEL", _stream);
        await _redis.CliAsync("SET", _stream, "not a stream");
        await Wait.UntilAsync(() => HealthAsync(app), health => health == "degraded", Deadline, "degraded");
        await _redis.CliAsync("DEL", _stream);
        await Wait.UntilAsync(() => HealthAsync(app), health => health == "healthy", Deadline, "healthy again");
    }

    [Theory]
    [InlineData("Stream", "")]
    [InlineData("Group", "a b")]
    [InlineData("Consumer", "")]
    [InlineData("ClaimMinIdle", "00:00:00")]
    [InlineData("Batch", "0")]
    [InlineData("Block", "00:02:00")]
    [InlineData("MaxLength", "0")]
    [InlineData("MaxDeliveries", "0")]
    [InlineData("DeadLetter", "")]
    [InlineData("DeadLetter", null)]
    public async Task An_impossible_setting_stops_the_start_and_is_named(string name, string? value)
    {
        _settings[$"StreamRelay:Operations:{name}"] = value ?? _stream;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(_settings).Build();
        await using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddStreamRelay(configuration).AddStreamRelayCluster(configuration).BuildServiceProvider();
        var exception = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);
        Assert.Contains($"StreamRelay:Operations:{name} must", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<string> WaitAsync(RelayApp app, string operation)
    {
        using var started = await app.Client.PostAsJsonAsync("/v1/tasks", new { agent = "remote", input = "x", operation_id = operation, session_id = "s", tool_call_id = "call" });
        return (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<string?> HealthAsync(RelayApp app)
    {
        using var answer = await app.Client.GetAsync("/health/ready");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").GetProperty("streamrelay.operations").GetString();
    }

    private static List<JsonElement> Events(string stream) =>
        [.. SseText.Frames(stream).Select(frame => JsonElement.Parse(SseText.Data(frame))).Where(json => json.TryGetProperty("event_type", out _))];

    private Task<string> SendCompletionAsync(string data) => _redis.CliAsync("XADD", _stream, "*", "data", data);

    private async Task<int> PendingAsync() => int.Parse((await _redis.CliAsync("XPENDING", _stream, "streamrelay")).Split('\n')[0]);

    private async Task WhenSettledAsync()
    {
        // Every message is delivered, and none is pending.
        await Wait.UntilAsync(() => _redis.CliAsync("XINFO", "GROUPS", _stream), group => group.Contains("lag\n0", StringComparison.Ordinal), Deadline, "all is read");
        await Wait.UntilAsync(PendingAsync, pending => pending == 0, Deadline, "all is acknowledged");
    }

    private Task WhenDeadAsync(string reason) =>
        Wait.UntilAsync(DeadAsync, dead => dead.Contains($"\nreason\n{reason}", StringComparison.Ordinal), Deadline, "it is a dead letter");

    /// <summary>The fields of the dead letters, each on a line of its own.</summary>
    private async Task<string> DeadAsync() => string.Join('\n', (await _redis.CliAsync("XRANGE", _stream + ":dead", "-", "+")).Split('\n').Skip(1));
}
