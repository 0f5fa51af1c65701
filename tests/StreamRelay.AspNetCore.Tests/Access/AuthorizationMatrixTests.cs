using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Every route with every kind of caller. A test of the server compares the rows with its route table and its API document.</summary>
public sealed class AuthorizationMatrixTests(MatrixApp app) : IClassFixture<MatrixApp>
{
    private const string Missing = "00000000000000000000000000000001";

    [Fact]
    public Task A_caller_that_may_do_everything_is_served() => CheckAsync(row => row.Served, (row, task) => app.SendAsync(row, task, app.Key("ada")));

    [Fact]
    public Task No_key_is_refused() => CheckAsync(row => Refused(row, 401), (row, task) => app.SendAsync(row, task, null));

    [Fact]
    public Task A_wrong_key_is_refused() => CheckAsync(row => Refused(row, 401), (row, task) => app.SendAsync(row, task, ApiKey.Create().Key));

    [Fact]
    public Task An_expired_key_is_refused() => CheckAsync(row => Refused(row, 401), (row, task) => app.SendAsync(row, task, app.Key("expired")));

    [Fact]
    public Task A_key_of_another_owner_finds_nothing() => CheckAsync(row => row.Foreign, (row, task) => app.SendAsync(row, task, app.Key("bob")));

    [Fact]
    public Task A_key_without_the_scope_is_refused() => CheckAsync(row => Refused(row, 403), (row, task) => app.SendAsync(row, task, app.Key(row.Scope ?? "read")));

    [Fact]
    public Task A_key_of_another_agent_finds_nothing() => CheckAsync(row => row.OtherAgent, (row, task) => app.SendAsync(row, task, app.Key("limited")));

    [Fact]
    public Task A_ticket_reads_its_task_on_the_routes_that_take_tickets() =>
        CheckAsync(row => row.TakesTickets ? row.Served : Refused(row, 401), (row, task) => app.SendAsync(row, task, null, app.Ticket(task, default)));

    [Fact]
    public async Task A_ticket_of_another_task_finds_nothing()
    {
        var other = await app.StartAsync("writer");
        await CheckAsync(row => row.TakesTickets ? row.Foreign : Refused(row, 401), (row, task) => app.SendAsync(row, task, null, app.Ticket(other, default)));
    }

    [Fact]
    public Task An_expired_ticket_is_refused() =>
        CheckAsync(row => Refused(row, 401), (row, task) => app.SendAsync(row, task, null, app.Ticket(task, TimeSpan.FromSeconds(60))));

    [Fact]
    public async Task A_cookie_of_another_path_is_refused()
    {
        var stream = RouteRows.All.Single(row => row.Route == "GET /v1/tasks/{id}/events");
        await CheckAsync(row => row == stream ? 401 : Refused(row, 401), async (row, task) =>
        {
            var streamed = row == stream ? await app.StartAsync("writer") : task;
            using var first = await app.SendAsync(stream, streamed, null, app.Ticket(streamed, default));
            return await app.SendAsync(row, task, null, null, first.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        });
    }

    [Fact]
    public async Task A_foreign_task_and_a_missing_one_have_the_same_answer()
    {
        List<string> differences = [];
        foreach (var row in RouteRows.All.Where(row => row.Foreign is 404 or 204))
        {
            var task = await StartAsync(row);
            using var foreign = await app.SendAsync(row, task, app.Key("bob"));
            using var missing = await app.SendAsync(row, Missing, app.Key("bob"));
            if (await DescribeAsync(foreign, task) != await DescribeAsync(missing, Missing))
                differences.Add($"{row.Route}: {await DescribeAsync(foreign, task)} is not {await DescribeAsync(missing, Missing)}");
        }

        Assert.Empty(differences);
    }

    [Fact]
    public async Task A_key_that_is_revoked_while_a_request_is_open_ends_it_and_opens_no_other()
    {
        List<(RouteRow Row, string Task, Task<HttpResponseMessage> Answer)> open = [];
        foreach (var row in RouteRows.All.Where(row => row.StaysOpen))
        {
            var task = await app.StartAsync("remote");
            open.Add((row, task, app.SendAsync(row, task, app.Key("revoked"), agent: "remote")));
        }

        foreach (var (row, _, answer) in open.Where(request => request.Row.Route != "GET /v1/tasks/{id}"))
            await answer.WaitAsync(Relay.Deadline);

        app.Revoke();

        foreach (var (_, _, answer) in open)
            Assert.False(await IsWholeAsync(await answer.WaitAsync(Relay.Deadline)));
        await CheckAsync(row => Refused(row, 401), (row, task) => app.SendAsync(row, task, app.Key("revoked")));
    }

    /// <summary>The status of a caller that is refused on all routes but those for anyone.</summary>
    private static int Refused(RouteRow row, int status) => row.Scope is null ? row.Served : status;

    private async Task<string> DescribeAsync(HttpResponseMessage answer, string task) =>
        $"{(int)answer.StatusCode} {app.WithoutIds(await answer.Content.ReadAsStringAsync(), task)}";

    /// <summary>Starts a task for the requests of a route.</summary>
    private async Task<string> StartAsync(RouteRow row)
    {
        var task = await app.StartAsync(row.Agent);
        if (row.IsForConversation)
            await app.AddConversationAsync(task);

        return task;
    }

    private static async Task<bool> IsWholeAsync(HttpResponseMessage answer)
    {
        try
        {
            await answer.Content.ReadAsStringAsync().WaitAsync(Relay.Deadline);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Sends a request to every route, each for a task of its own, and compares the statuses.</summary>
    private async Task CheckAsync(Func<RouteRow, int> expected, Func<RouteRow, string, Task<HttpResponseMessage>> send)
    {
        List<string> differences = [];
        foreach (var row in RouteRows.All)
        {
            using var answer = await send(row, await StartAsync(row));
            if ((int)answer.StatusCode != expected(row))
                differences.Add($"{row.Route}: {(int)answer.StatusCode}, and not {expected(row)}");
        }

        Assert.Empty(differences);
    }
}
