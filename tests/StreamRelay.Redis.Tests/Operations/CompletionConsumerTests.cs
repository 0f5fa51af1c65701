using System.Collections.Concurrent;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Operations;

public sealed class CompletionConsumerTests
{
    private readonly ConcurrentBag<string> _handled = [];

    [Fact]
    public async Task A_message_that_was_added_before_the_first_start_is_handled()
    {
        await using var setup = await CompletionSetup.NewAsync();
        const string Data = """{"operation_id":"op","success":true}""";
        await setup.Server.CliAsync("XADD", setup.Options.Stream!, "*", "data", Data);

        setup.Start(Handle);

        await CompletionSetup.WhenAsync(() => Task.FromResult(!_handled.IsEmpty));
        await setup.WhenAcknowledgedAsync();
        Assert.Equal([Data], _handled);
    }

    [Fact]
    public async Task A_refused_message_becomes_a_dead_letter_with_its_reason_and_later_messages_are_handled()
    {
        await using var setup = await CompletionSetup.NewAsync();
        setup.Start(message => CompletionSetup.Text(message) == "bad" ? CompletionResult.Refused("It is bad.") : Handle(message));

        await setup.AddAsync(["1", "bad", "2"]);

        await CompletionSetup.WhenAsync(() => Task.FromResult(_handled.Count == 2));
        await setup.WhenAcknowledgedAsync();
        var letter = Assert.Single(await setup.ReadDeadLettersAsync());
        Assert.Equal(("bad", "It is bad."), (letter.Data, letter.Reason));
        Assert.Single((await setup.Redis.SendAsync("XRANGE", setup.Options.Stream!, letter.Id, letter.Id)).ToArray());
    }

    [Fact]
    public async Task A_dead_letter_keeps_every_field_of_the_message()
    {
        await using var setup = await CompletionSetup.NewAsync();
        await setup.Server.CliAsync("XADD", setup.Options.Stream!, "*", "trace", "7", "payload", "x");
        setup.Start(message => message.Data is null ? CompletionResult.Refused("There is no data.") : Handle(message));

        await CompletionSetup.WhenAsync(async () => (await setup.ReadDeadLettersAsync()).Count == 1);

        var fields = (await setup.Redis.SendAsync("XRANGE", setup.Options.DeadLetter!, "-", "+"))[0][1].ToArray().Select(field => $"{field}");
        Assert.Equal(["trace", "7", "payload", "x", "reason", "There is no data.", "id"], fields.Take(7));
    }

    [Fact]
    public async Task A_postponed_message_is_delivered_again_up_to_the_maximum_number_of_deliveries()
    {
        await using var setup = await CompletionSetup.NewAsync();
        var attempts = new ConcurrentQueue<(string Data, long Deliveries)>();
        await setup.AddAsync(["unknown", "late", "known"]);

        setup.Start(message =>
        {
            attempts.Enqueue((CompletionSetup.Text(message), message.Deliveries));
            return CompletionSetup.Text(message) == "unknown" || message is { Deliveries: 1 } && CompletionSetup.Text(message) == "late"
                ? CompletionResult.Postponed("There is no such task.") : Handle(message);
        });

        await CompletionSetup.WhenAsync(async () => (await setup.ReadDeadLettersAsync()).Count == 1);
        await setup.WhenAcknowledgedAsync();
        Assert.Equal([1, 2, 3], attempts.Where(attempt => attempt.Data == "unknown").Select(attempt => attempt.Deliveries));
        Assert.Equal([1, 2], attempts.Where(attempt => attempt.Data == "late").Select(attempt => attempt.Deliveries));
        Assert.Equal([1], attempts.Where(attempt => attempt.Data == "known").Select(attempt => attempt.Deliveries));
        Assert.Equal(("unknown", "After 3 deliveries: There is no such task."), (await setup.ReadDeadLettersAsync()).Select(letter => (letter.Data, letter.Reason)).Single());
    }

    [Fact]
    public async Task A_message_whose_handler_throws_is_delivered_again_like_a_postponed_one()
    {
        await using var setup = await CompletionSetup.NewAsync();
        await setup.AddAsync(["1", "2"]);
        setup.Start(message => CompletionSetup.Text(message) == "1" ? throw new InvalidCastException("A fault.") : Handle(message));
        await CompletionSetup.WhenAsync(async () => (await setup.ReadDeadLettersAsync()).Count == 1);
        Assert.Equal("After 3 deliveries: A fault.", (await setup.ReadDeadLettersAsync())[0].Reason);
        Assert.Equal(["2"], _handled);
    }

    [Fact]
    public async Task Deliveries_while_a_store_is_unavailable_are_not_counted_and_health_names_the_failure()
    {
        await using var setup = await CompletionSetup.NewAsync();
        var attempts = 0;
        var failures = new ConcurrentBag<string?>();
        CompletionNode? node = null;
        var started = new TaskCompletionSource();
        node = setup.Start(async message =>
        {
            await started.Task;
            failures.Add(node!.Consumer.Failure);
            return Interlocked.Increment(ref attempts) <= 5 ? CompletionResult.Unavailable("PostgreSQL is away.") : Handle(message);
        });
        started.SetResult();

        await setup.AddAsync(["1"]);

        await CompletionSetup.WhenAsync(() => Task.FromResult(!_handled.IsEmpty));
        await setup.WhenAcknowledgedAsync();
        await CompletionSetup.WhenAsync(() => Task.FromResult(node.Consumer.Failure is null));
        Assert.Empty(await setup.ReadDeadLettersAsync());
        Assert.Equal([null, .. Enumerable.Repeat("PostgreSQL is away.", 5)], failures.Order());
    }

    [Fact]
    public async Task Messages_of_a_killed_consumer_are_handled_by_the_next_one()
    {
        await using var setup = await CompletionSetup.NewAsync();
        var started = new TaskCompletionSource();
        var first = setup.Start(async message =>
        {
            if (CompletionSetup.Text(message) != "15")
                return Handle(message);

            started.SetResult();
            return await new TaskCompletionSource<CompletionResult>().Task;
        });
        await setup.AddAsync(Numbers(30));
        await started.Task;
        await first.KillAsync();

        setup.Start(Handle);

        await CompletionSetup.WhenAsync(() => Task.FromResult(_handled.Distinct().Count() == 30));
        await setup.WhenAcknowledgedAsync();
    }

    [Fact]
    public async Task All_pending_messages_of_a_dead_consumer_are_claimed_and_those_of_others_are_not()
    {
        await using var setup = await CompletionSetup.NewAsync();
        setup.Options.ClaimMinIdle = TimeSpan.FromMinutes(10);
        await setup.AddAsync(Numbers(500));
        await setup.Redis.SendAsync("XGROUP", "CREATE", setup.Options.Stream!, setup.Options.Group, "0");
        var all = await setup.Redis.SendAsync("XREADGROUP", "GROUP", setup.Options.Group, "living", "COUNT", 500, "STREAMS", setup.Options.Stream!, ">");
        foreach (var entry in all[0][1].ToArray().Skip(245))
            await setup.Redis.SendAsync("XCLAIM", setup.Options.Stream!, setup.Options.Group, "dead", 0, $"{entry[0]}", "IDLE", 600_000, "JUSTID");

        var deliveries = new ConcurrentBag<long>();
        setup.Start(message =>
        {
            deliveries.Add(message.Deliveries);
            return Handle(message);
        });

        await CompletionSetup.WhenAsync(async () => await setup.CountUnacknowledgedAsync() == 245);
        Assert.Equal(Numbers(500).Skip(245).Order(), _handled.Order());
        Assert.All(deliveries, count => Assert.Equal(2, count));
    }

    [Fact]
    public async Task A_message_that_was_delivered_too_often_becomes_a_dead_letter_without_being_handled()
    {
        await using var setup = await CompletionSetup.NewAsync();
        await setup.AddAsync(["deadly"]);
        await setup.Redis.SendAsync("XGROUP", "CREATE", setup.Options.Stream!, setup.Options.Group, "0");
        await setup.Redis.SendAsync("XREADGROUP", "GROUP", setup.Options.Group, "dead", "STREAMS", setup.Options.Stream!, ">");
        for (var delivery = 2; delivery <= setup.Options.MaxDeliveries; delivery++)
            await setup.Redis.SendAsync("XAUTOCLAIM", setup.Options.Stream!, setup.Options.Group, "dead", 0, "0");

        setup.Start(Handle);

        await CompletionSetup.WhenAsync(async () => (await setup.ReadDeadLettersAsync()).Count == 1);
        Assert.Equal("It was delivered 3 times, and no consumer acknowledged it.", (await setup.ReadDeadLettersAsync())[0].Reason);
        Assert.Empty(_handled);
    }

    [Fact]
    public async Task Messages_are_handled_after_Redis_was_killed_and_restarted()
    {
        await using var server = await RedisServer.StartAsync(new() { AppendOnly = true, AppendFsync = "always" });
        await using var setup = await CompletionSetup.NewAsync(server);
        var node = setup.Start(Handle);
        await setup.AddAsync(Numbers(50));
        await CompletionSetup.WhenAsync(() => Task.FromResult(!_handled.IsEmpty));

        server.Kill();
        await CompletionSetup.WhenAsync(() => Task.FromResult(node.Consumer.Failure is not null));
        await server.RestartAsync();
        await setup.AddAsync(["after"]);

        await CompletionSetup.WhenAsync(() => Task.FromResult(_handled.Distinct().Count() == 51));
        await setup.WhenAcknowledgedAsync();
        await CompletionSetup.WhenAsync(() => Task.FromResult(node.Consumer.Failure is null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deleted_group_or_stream_is_created_again(bool deleteStream)
    {
        await using var setup = await CompletionSetup.NewAsync();
        setup.Start(Handle);
        await setup.AddAsync(["1"]);
        await CompletionSetup.WhenAsync(() => Task.FromResult(_handled.Contains("1")));

        if (deleteStream)
            await setup.Redis.SendAsync("DEL", setup.Options.Stream!);
        else
            await setup.Redis.SendAsync("XGROUP", "DESTROY", setup.Options.Stream!, setup.Options.Group);
        await setup.AddAsync(["2"]);

        await CompletionSetup.WhenAsync(() => Task.FromResult(_handled.Contains("2")));
        await setup.WhenAcknowledgedAsync();
    }

    [Fact]
    public async Task A_message_stays_pending_while_its_dead_letter_cannot_be_written()
    {
        await using var setup = await CompletionSetup.NewAsync();
        await setup.Redis.SendAsync("SET", setup.Options.DeadLetter!, "not a stream");
        var node = setup.Start(message => CompletionSetup.Text(message) == "bad" ? CompletionResult.Refused("It is bad.") : Handle(message));
        await setup.AddAsync(["bad", "1"]);
        await CompletionSetup.WhenAsync(() => Task.FromResult(node.Consumer.Failure?.StartsWith("WRONGTYPE", StringComparison.Ordinal) == true && !_handled.IsEmpty));
        Assert.Equal(1, await setup.CountUnacknowledgedAsync());

        await setup.Redis.SendAsync("DEL", setup.Options.DeadLetter!);

        await CompletionSetup.WhenAsync(async () => (await setup.ReadDeadLettersAsync()).Count == 1);
        await setup.WhenAcknowledgedAsync();
    }

    [Fact]
    public async Task A_stop_finishes_the_current_message_and_handles_no_other()
    {
        await using var setup = await CompletionSetup.NewAsync();
        var started = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        var node = setup.Start(async message =>
        {
            started.SetResult();
            await finish.Task;
            return Handle(message);
        });
        await setup.AddAsync(["1"]);
        await started.Task;

        var stopped = node.StopAsync();
        await setup.AddAsync(["2"]);
        Assert.False(stopped.IsCompleted);
        finish.SetResult();
        await stopped;

        Assert.Equal(["1"], _handled);
        Assert.Equal(1, await setup.CountUnacknowledgedAsync());
    }

    [Fact]
    public async Task The_start_fails_when_the_key_is_not_a_stream_and_names_the_setting()
    {
        await using var setup = await CompletionSetup.NewAsync();
        var node = setup.Start(Handle);
        await node.StopAsync();
        await setup.Redis.SendAsync("DEL", setup.Options.Stream!);
        await setup.Redis.SendAsync("SET", setup.Options.Stream!, "not a stream");
        var exception = await Assert.ThrowsAsync<IOException>(() => node.Consumer.ConnectAsync(CancellationToken.None));
        Assert.Contains("WRONGTYPE", exception.Message, StringComparison.Ordinal);
        Assert.Contains("StreamRelay:Operations:Stream", exception.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Numbers(int count) => Enumerable.Range(1, count).Select(number => $"{number}");

    private CompletionResult Handle(CompletionMessage message)
    {
        _handled.Add(CompletionSetup.Text(message));
        return CompletionResult.Applied;
    }
}
