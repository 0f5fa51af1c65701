using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.AspNetCore.Access;

public class TicketTests
{
    [Theory]
    [InlineData("/v1/tasks/{0}/events")]
    [InlineData("/v1/tasks/{0}/files")]
    [InlineData("/v1/tasks/{0}/files/a.md")]
    [InlineData("/download/{0}/a.md")]
    public async Task A_ticket_can_be_used_repeatedly_for_60_seconds(string route)
    {
        await using var app = await AccessApp.StartWithKeysAsync();
        string[] tasks = [await app.AddTaskAsync("ada", names: "a.md"), await app.AddTaskAsync("ada", names: "a.md")];
        using var issued = await app.AskTicketAsync(app.Ada.Key, tasks);
        var body = await issued.Content.ReadFromJsonAsync<JsonElement>();
        var query = $"?ticket={body.GetProperty("ticket").GetString()}";

        Assert.Equal(60, body.GetProperty("expires_in").GetInt32());
        Assert.Equal("no-store", issued.Headers.CacheControl?.ToString());
        app.Time.Advance(TimeSpan.FromSeconds(59));
        foreach (var task in tasks.Concat(tasks))
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, Url(route, task) + query));

        app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, Url(route, tasks[0]) + query));
    }

    [Fact]
    public async Task A_ticket_for_another_task_is_a_404()
    {
        await using var app = await AccessApp.StartWithKeysAsync();
        var other = await app.AddTaskAsync("ada", names: "a.md");
        var ticket = await app.TicketAsync(app.Ada.Key, await app.AddTaskAsync("ada"));

        foreach (var route in new[] { "/v1/tasks/{0}/events", "/v1/tasks/{0}/files", "/download/{0}/a.md" })
        {
            using var answer = await app.SendAsync($"{Url(route, other)}?ticket={ticket}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("task_not_found", await answer.CodeAsync());
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task A_ticket_opens_nothing_but_what_it_is_for()
    {
        await using var app = await AccessApp.StartWithKeysAsync();
        var task = await app.AddTaskAsync("ada");
        var ticket = await app.TicketAsync(app.Ada.Key, task);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, $"/v1/whoami?ticket={ticket}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, $"/v1/tickets?ticket={ticket}", HttpMethod.Post));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, $"/v1/tasks/{task}/files?ticket={ticket}", HttpMethod.Delete));
    }

    [Fact]
    public async Task A_forged_ticket_is_a_401_even_when_anonymous_callers_are_allowed()
    {
        await using var app = await AccessApp.StartWithKeysAsync(("StreamRelay:Auth:AllowAnonymous", "true"));
        var task = await app.AddTaskAsync("anonymous");
        var ticket = await app.TicketAsync(null, task);
        var changed = ticket[..40] + (ticket[40] == 'A' ? 'B' : 'A') + ticket[41..];

        foreach (var forged in new[] { changed, "", "x", "%00", "!!!", ticket[..^4], new string('A', 4000) })
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, $"/v1/tasks/{task}/events?ticket={forged}"));
    }

    [Fact]
    public async Task A_stream_exchanges_its_ticket_for_a_cookie_of_its_own_path_with_which_the_browser_reconnects()
    {
        await using var app = await AccessApp.StartWithKeysAsync();
        var task = await app.AddTaskAsync("ada");
        var url = $"/v1/tasks/{task}/events?after=3&ticket={await app.TicketAsync(app.Ada.Key, task)}";

        using var first = await app.SendAsync(url);
        var cookie = first.Headers.GetValues("Set-Cookie").Single();
        var parts = cookie.Split("; ").Skip(1).Order(StringComparer.Ordinal);
        Assert.Equal(["httponly", "max-age=43200", $"path=/v1/tasks/{task}/events", "samesite=strict"], parts);

        app.Time.Advance(TimeSpan.FromHours(11));
        using var later = await app.SendAsync(url, headers: ("Cookie", cookie.Split(';')[0]));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.False(later.Headers.Contains("Set-Cookie"));

        app.Time.Advance(TimeSpan.FromHours(1));
        using var tooLate = await app.SendAsync(url, headers: ("Cookie", cookie.Split(';')[0]));
        Assert.Equal(HttpStatusCode.Unauthorized, tooLate.StatusCode);
    }

    [Fact]
    public async Task A_cookie_gives_access_to_its_own_stream_only_and_is_not_accepted_as_a_ticket()
    {
        await using var app = await AccessApp.StartWithKeysAsync();
        var task = await app.AddTaskAsync("ada");
        var other = await app.AddTaskAsync("ada");
        using var first = await app.SendAsync($"/v1/tasks/{task}/events?ticket={await app.TicketAsync(app.Ada.Key, task, other)}");
        var cookie = first.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        using var elsewhere = await app.SendAsync($"/v1/tasks/{other}/events", headers: ("Cookie", cookie));
        using var files = await app.SendAsync($"/v1/tasks/{task}/files", headers: ("Cookie", cookie));

        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, files.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, $"/v1/tasks/{task}/events?ticket={cookie.Split('=')[1]}"));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"tasks":[]}""")]
    [InlineData("""{"tasks":"x"}""")]
    [InlineData("""{"tasks":[1]}""")]
    [InlineData("""[]""")]
    [InlineData("""{"tasks":""")]
    public async Task A_request_for_a_ticket_must_name_tasks(string body)
    {
        await using var app = await AccessApp.StartAsync();

        using var answer = await app.Client.PostAsync("/v1/tickets", new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await answer.ErrorAsync();
    }

    [Fact]
    public async Task A_ticket_is_for_32_tasks_at_most()
    {
        await using var app = await AccessApp.StartAsync();
        var task = await app.AddTaskAsync("local");

        using var most = await app.AskTicketAsync(null, [.. Enumerable.Repeat(task, 32)]);
        using var more = await app.AskTicketAsync(null, [.. Enumerable.Repeat(task, 33)]);

        Assert.Equal(HttpStatusCode.OK, most.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, more.StatusCode);
    }

    [Fact]
    public async Task No_ticket_key_or_signing_key_is_ever_logged()
    {
        await using var app = await AccessApp.StartWithKeysAsync();
        var task = await app.AddTaskAsync("ada", names: "a.md");
        var ticket = await app.TicketAsync(app.Ada.Key, task);

        foreach (var route in new[] { "/v1/tasks/{0}/events?ticket=", "/download/{0}/a.md?x=1&%74icket=", "/v1/whoami?TICKET=", "/nowhere?ticket=" })
            await StatusAsync(app, Url(route, task) + ticket);

        Assert.Equal((0, 0), (app.Logs.Count(ticket), app.Logs.Count(app.Ada.Key)));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(app.Folder.FullName, "keys")));
    }

    private static string Url(string route, string task) => route.Replace("{0}", task, StringComparison.Ordinal);

    private static async Task<HttpStatusCode> StatusAsync(AccessApp app, string path, HttpMethod? method = null)
    {
        using var answer = await app.SendAsync(path, method: method);
        return answer.StatusCode;
    }
}
