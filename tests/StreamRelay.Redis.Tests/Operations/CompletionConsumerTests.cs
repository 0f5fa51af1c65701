using System.Collections.Concurrent;
using StreamRelay.Testing;

namespace StreamRelay.Redis.Operations;

public sealed class CompletionConsumerTests
{
    private readonly ConcurrentBag<string> _handled = [];

    [Fact]
    public async Task What_redis_cli_added_before_the_first_start_is_taken()
    {
        await using var setup = await CompletionSetup.NewAsync();
        const string Data = """{"operation_id":"op","success":true}""";
        await setup.Server.CliAsync("XADD", setup.Options.Stream!, "*", "data", Data);

        setup.Start(Handle);

        await CompletionSetup.WhenAsync(() => Task.FromResult(!_handled.IsEmpty));
        await setup.WhenSettledAsync();
        Assert.Equal([Data], _handled);
    }

    [Fact]
    public async Task What_is_refused_is_a_dead_letter_with_its_reason_and_holds_up_nobody()
    {
        await using var setup = await CompletionSetup.NewAsync();
        setup.Start(message => CompletionSetup.Text(message) == "bad" ? CompletionResult.Refused("It is bad.") : Handle(message));

        await setup.AddAsync(["1", "bad", "2"]);

        await CompletionSetup.WhenAsync(() => Task.FromResult(_handled.Count == 2));
        await setup.WhenSettledAsync();
        var letter = Assert.Single(await setup.DeadAsync());
        Assert.Equal(("bad", "It is bad."), (letter.Data, letter.Reason));
        Assert.Single((await setup.Redis.SendAsync("XRANGE", setup.Options.Stream!, letter.Id, letter.Id)).ToArray());
    }

    [Fact]
    public async Task A_dead_letter_keeps_every_field_of_the_message()
    {
        await using var setup = await CompletionSetup.NewAsync();
        await setup.Server.CliAsync("XADD", setup.Options.Stream!, "*", "trace", "7", "payload", "x");
        setup.Start(message => message.Data is null ? CompletionResult.Refused("There is no data.") : Handle(message));

        await CompletionSetup.WhenAsync(async () => (await setup.DeadAsync()).Count == 1);

        var fields = (await setup.Redis.SendAsync("XRANGE", setup.Options.DeadLetter!, "-", "+"))[0][1].ToArray().Select(field => $"{field}");
        Assert.Equal(["trace", "7", "payload", "x", "reason", "There is no data.", "id"], fields.Take(7));
    }

    [Fact]
    public async Task What_cannot_be_applied_yet_is_tried_until_there_were_too_many_deliveries()
    {
        await using var setup = await CompletionSetup.NewAsync();
        var tries = new ConcurrentQueue<(string Data, long Deliveries)>();
        await setup.AddAsync(["unknown", "late", "known"]);

        setup.Start(message =>
        {
            tries.Enqueue((CompletionSetup.Text(message), message.Deliveries));
            return CompletionSetup.Text(message) == "unknown" || message is { Deliveries: 1 } && CompletionSetup.Text(message) == "late"
                ? CompletionResult.Postponed("There is no such task.") : Handle(message);
        });

        await CompletionSetup.WhenAsync(async () => (await setup.DeadAsync()).Count == 1);
        await setup.WhenSettledAsync();
        Assert.Equal([1, 2, 3], tries.Where(each => each.Data == "unknown").Select(each => each.Deliveries));
        Assert.Equal([1, 2], tries.Where(each => each.Data == "late").Select(each => each.Deliveries));
        Assert.Equal([1], tries.Where(each => each.Data == "known").Select(each => each.Deliveries));
        Assert.Equal(("unknown", "After 3 deliveries: There is no such task."), (await setup.DeadAsync()).Select(letter => (letter.Data, letter.Reason)).Single());
    }

    [Fact]
    public async Task An_unexpected_failure_is_one_that_may_pass()
    {
        await using var setup = await CompletionSetup.NewAsync();
        await setup.AddAsync(["1", "2"]);
        setup.Start(message => CompletionSetup.Text(message) == "1" ? throw new InvalidCastException("A fault.") : Handle(message));
        await CompletionSetup.WhenAsync(async () => (await setup.DeadAsync()).Count == 1);
        Assert.Equal("After 3 deliveries: A fault.", (await setup.DeadAsync())[0].Reason);
        Assert.Equal(["2"], _handled);
    }

    [Fact]
    public async Task While_a_store_is_away_deliveries_do_not_count_and_health_says_so()
    {
        await using var setup = await CompletionSetup.NewAsync();
        var tries = 0;
        var failures = new ConcurrentBag<string?>();
        CompletionNode? node = null;
        var started = new TaskCompletionSource();
        node = setup.Start(async message =>
        {
            await started.Task;
            failures.Add(node!.Consumer.Failure);
            return Interlocked.Increment(ref tries) <= 5 ? CompletionResult.Unavailable("PostgreSQL is away.") : Handle(message);
        });
        started.SetResult();

        await setup.AddAsync(["1"]);

        await CompletionSetup.WhenAsync(() => Task.FromResult(!_handled.IsEmpty));
        await setup.WhenSettledAsync();
        await CompletionSetup.WhenAsync(() => Task.FromResult(node.Consumer.Failure is null));
        Assert.Empty(await setup.DeadAsync());
        Assert.Equal([null, .. Enumerable.Repeat("PostgreSQL is away.", 5)], failures.Order());
    }

    [Fact]
    public async Task A_consumer_that_is_killed_in_the_middle_leaves_what_it_had_to_the_next()
    {
        await using var setup = await CompletionSetup.NewAsync();
        var inHand = new TaskCompletionSource();
        var first = setup.Start(async message =>
        {
            if (CompletionSetup.Text(message) != "15")
                return Handle(message);

            inHand.SetResult();
            return await new TaskCompletionSource<CompletionResult>().Task;
        });
        await setup.AddAsync(Numbers(30));
        await inHand.Task;
        await first.KillAsync();

        setup.Start(Handle);

        await CompletionSetup.WhenAsync(() => Task.FromResult(_handled.Distinct().Count() == 30));
        await setup.WhenSettledAsync();
    }

    [Fact]
    public async Task All_that_a_dead_consumer_had_in_hand_is_claimed_however_much_it_is_and_however_much_others_have()
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

        await CompletionSetup.WhenAsync(async () => await setup.OpenAsync() == 245);
        Assert.Equal(Numbers(500).Skip(245).Order(), _handled.Order());
        Assert.All(deliveries, count => Assert.Equal(2, count));
    }

    [Fact]
    public async Task What_ended_everybody_who_had_it_is_a_dead_letter_unseen()
    {
        await using var setup = await CompletionSetup.NewAsync();
        await setup.AddAsync(["deadly"]);
        await setup.Redis.SendAsync("XGROUP", "CREATE", setup.Options.Stream!, setup.Options.Group, "0");
        await setup.Redis.SendAsync("XREADGROUP", "GROUP", setup.Options.Group, "dead", "STREAMS", setup.Options.Stream!, ">");
        for (var delivery = 2; delivery <= setup.Options.MaxDeliveries; delivery++)
            await setup.Redis.SendAsync("XAUTOCLAIM", setup.Options.Stream!, setup.Options.Group, "dead", 0, "0");

        setup.Start(Handle);

        await CompletionSetup.WhenAsync(async () => (await setup.DeadAsync()).Count == 1);
        Assert.Equal("It was delivered 3 times, and no consumer acknowledged it.", (await setup.DeadAsync())[0].Reason);
        Assert.Empty(_handled);
    }

    [Fact]
    public async Task Redis_may_be_killed_and_come_back()
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
        await setup.WhenSettledAsync();
        await CompletionSetup.WhenAsync(() => Task.FromResult(node.Consumer.Failure is null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_group_or_a_stream_that_is_deleted_is_made_again(bool whole)
    {
        await using var setup = await CompletionSetup.NewAsync();
        setup.Start(Handle);
        await setup.AddAsync(["1"]);
        await CompletionSetup.WhenAsync(() => Task.FromResult(_handled.Contains("1")));

        if (whole)
            await setup.Redis.SendAsync("DEL", setup.Options.Stream!);
        else
            await setup.Redis.SendAsync("XGROUP", "DESTROY", setup.Options.Stream!, setup.Options.Group);
        await setup.AddAsync(["2"]);

        await CompletionSetup.WhenAsync(() => Task.FromResult(_handled.Contains("2")));
        await setup.WhenSettledAsync();
    }

    [Fact]
    public async Task A_dead_letter_that_cannot_be_written_stays_in_hand()
    {
        await using var setup = await CompletionSetup.NewAsync();
        await setup.Redis.SendAsync("SET", setup.Options.DeadLetter!, "not a stream");
        var node = setup.Start(message => CompletionSetup.Text(message) == "bad" ? CompletionResult.Refused("It is bad.") : Handle(message));
        await setup.AddAsync(["bad", "1"]);
        await CompletionSetup.WhenAsync(() => Task.FromResult(node.Consumer.Failure?.StartsWith("WRONGTYPE", StringComparison.Ordinal) == true && !_handled.IsEmpty));
        Assert.Equal(1, await setup.OpenAsync());

        await setup.Redis.SendAsync("DEL", setup.Options.DeadLetter!);

        await CompletionSetup.WhenAsync(async () => (await setup.DeadAsync()).Count == 1);
        await setup.WhenSettledAsync();
    }

    [Fact]
    public async Task Stopping_finishes_what_is_in_hand()
    {
        await using var setup = await CompletionSetup.NewAsync();
        var inHand = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        var node = setup.Start(async message =>
        {
            inHand.SetResult();
            await finish.Task;
            return Handle(message);
        });
        await setup.AddAsync(["1"]);
        await inHand.Task;

        var stopped = node.StopAsync();
        await setup.AddAsync(["2"]);
        Assert.False(stopped.IsCompleted);
        finish.SetResult();
        await stopped;

        Assert.Equal(["1"], _handled);
        Assert.Equal(1, await setup.OpenAsync());
    }

    [Fact]
    public async Task A_key_that_is_no_stream_fails_the_start_and_is_named()
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
