using System.Net;
using System.Text.Json.Nodes;
using StreamRelay.AspNetCore.Access;
using StreamRelay.Client.Errors;
using StreamRelay.Client.Events;
using StreamRelay.Client.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Client;

public sealed class StreamRelayClientTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    private StreamRelayClient Client => fixture.Client;

    [Fact]
    public async Task A_task_is_started_read_and_waited_for()
    {
        var task = await Client.StartAsync(new("probe", "count 3 0") { SessionId = "client-1", Metadata = new() { ["language"] = "German" } });

        var events = await Client.ReadAsync(task.Id).ToListAsync();
        var ended = await Client.WaitAsync(task.Id);

        Assert.Equal(["start", "output", "output", "output", "usage", "end"], events.Select(next => next.Type));
        Assert.Equal(Enumerable.Range(1, 6).Select(number => (long)number), events.Select(next => next.Sequence));
        Assert.Equal("t1 t2 t3 ", string.Concat(events.Where(next => next.Type == RelayEventTypes.Output).Select(next => next.Content)));
        Assert.Equal(("completed", true, "client-1", "German"), (ended.Status, ended.IsEnded, ended.SessionId, ended.Metadata!.Value.GetProperty("language").GetString()));
        Assert.Equal(6, ended.LastSequence);
        Assert.True(ended.Usage!.CompletionTokens > 0);
    }

    [Fact]
    public async Task Messages_are_an_input_too()
    {
        var task = await Client.StartAsync(new("probe", new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "count 1 0" })));

        Assert.Equal("completed", (await Client.WaitAsync(task.Id)).Status);
    }

    [Fact]
    public async Task A_start_whose_answer_is_lost_runs_once()
    {
        using var client = fixture.Losing(2);
        var task = await client.StartAsync(new("probe", "count 1 0") { SessionId = "lost-answers" });

        var tasks = await Client.ListAsync(new() { SessionId = "lost-answers" }).ToListAsync();

        Assert.Equal([task.Id], tasks.Select(started => started.Id));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_is_not_repeated_whatever_came_of_its_request()
    {
        using var cancelled = new CancellationTokenSource();
        using var http = new HttpClient(new LostAnswers(1, cancelled.Cancel)) { BaseAddress = fixture.App.Address };
        using var client = new StreamRelayClient(http, FastTime.Options);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.StartAsync("probe", "count 1 0", cancelled.Token));
    }

    [Fact]
    public async Task The_same_idempotency_key_is_the_same_task_and_another_content_is_refused()
    {
        var start = new RelayTaskStart("probe", "count 1 0") { IdempotencyKey = "client-key" };
        var first = await Client.StartAsync(start);

        Assert.Equal(first.Id, (await Client.StartAsync(start)).Id);
        var refusal = await Assert.ThrowsAsync<RelayException>(() => Client.StartAsync(start with { Input = "count 2 0" }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refusal.StatusCode);
    }

    [Fact]
    public async Task A_stop_ends_the_stream_with_what_was_written()
    {
        var task = await Client.StartAsync("probe", "count 100000 5");
        List<RelayEvent> events = [];
        await foreach (var next in Client.ReadAsync(task.Id))
        {
            events.Add(next);
            if (next.Sequence == 5)
                await Client.StopAsync(task.Id);
        }

        Assert.Equal("stopped", events[^1].Status);
        Assert.Equal("stopped", (await Client.StopAsync(task.Id)).Status);
    }

    [Fact]
    public async Task A_failed_task_ends_with_its_error()
    {
        var task = await Client.StartAsync("probe", "fail 2 0");

        var last = await Client.ReadAsync(task.Id).LastAsync();
        var ended = await Client.WaitAsync(task.Id);

        Assert.Equal((RelayEventTypes.Error, true), (last.Type, last.IsTerminal));
        Assert.Equal(("failed", last.Code, last.Content), (ended.Status, ended.Error!.Code, ended.Error.Message));
    }

    [Fact]
    public async Task What_does_not_exist_is_an_exception_with_the_servers_words()
    {
        var agent = await Assert.ThrowsAsync<RelayNotFoundException>(() => Client.StartAsync("nobody", "x"));
        Assert.Equal(("model_not_found", "agent"), (agent.Code, agent.Param));
        Assert.Contains("probe", agent.Message);

        Assert.Equal("task_not_found", (await Assert.ThrowsAsync<RelayNotFoundException>(() => Client.GetAsync("nothing"))).Code);
        await Assert.ThrowsAsync<RelayNotFoundException>(() => Client.ReadAsync("nothing").FirstAsync().AsTask());
        Assert.False(await Client.DeleteAsync("nothing"));
    }

    [Fact]
    public async Task A_wrong_key_is_refused_and_the_right_one_works()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Auth:Keys:0:Owner"] = "ada", ["StreamRelay:Auth:Keys:0:Hash"] = ApiKey.Hash("right") });
        using var wrong = new StreamRelayClient(app.Address, "wrong", FastTime.Options);
        using var right = new StreamRelayClient(app.Address, "right", FastTime.Options);
        var task = await right.StartAsync("probe", "count 1 0");

        await Assert.ThrowsAsync<RelayUnauthorizedException>(() => wrong.StartAsync("probe", "count 1 0"));
        var refusal = await Assert.ThrowsAsync<RelayUnauthorizedException>(() => wrong.ReadAsync(task.Id).FirstAsync().AsTask());

        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
        Assert.DoesNotContain("wrong", refusal.Message);
        Assert.Equal(4, (await right.ReadAsync(task.Id).LastAsync()).Sequence);
    }

    [Fact]
    public async Task Tasks_are_listed_over_pages_and_deleted()
    {
        for (var count = 0; count < 55; count++)
            await Client.StartAsync(new("probe", "count 0 0") { SessionId = "pages" });

        var tasks = await Client.ListAsync(new() { SessionId = "pages", Agent = "probe" }).ToListAsync();

        Assert.Equal(55, tasks.Select(task => task.Id).Distinct().Count());
        Assert.True(await Client.DeleteAsync(tasks[0].Id));
        Assert.False(await Client.DeleteAsync(tasks[0].Id));
    }

    [Fact]
    public async Task An_address_that_is_no_server_of_this_kind_is_named()
    {
        using var client = new StreamRelayClient(new Uri(fixture.App.Address, "swagger"), options: FastTime.Options);
        await Assert.ThrowsAnyAsync<RelayException>(() => client.GetAsync("x"));

        using var nobody = new StreamRelayClient(new Uri($"http://127.0.0.1:{Loopback.FreePort()}"), options: FastTime.Impatient);
        var failure = await Assert.ThrowsAsync<RelayConnectionException>(() => nobody.StartAsync("probe", "x"));
        Assert.IsType<HttpRequestException>(failure.InnerException);
        Assert.Throws<ArgumentException>(() => new StreamRelayClient(new HttpClient()));
    }
}
