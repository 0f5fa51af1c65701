using System.Net;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

public class OwnerTests
{
    [Theory]
    [InlineData("GET", "/v1/tasks/{0}/files")]
    [InlineData("GET", "/v1/tasks/{0}/files/a.md")]
    [InlineData("HEAD", "/v1/tasks/{0}/files/a.md")]
    [InlineData("GET", "/download/{0}/a.md")]
    [InlineData("HEAD", "/download/{0}/a.md")]
    [InlineData("GET", "/v1/tasks/{0}/events")]
    public async Task Another_owners_task_is_a_404_like_one_that_never_was(string method, string route)
    {
        await using var app = await AccessApp.StartWithKeysAsync();
        var task = await app.AddTaskAsync("ada", names: "a.md");

        async Task<HttpStatusCode> StatusAsync(string? key, string id)
        {
            using var answer = await app.SendAsync(route.Replace("{0}", id, StringComparison.Ordinal), key, new(method));
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app.Ada.Key, task));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app.Bob.Key, task));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(null, task));
        foreach (var unknown in new[] { TaskId.New(TimeProvider.System).ToString(), task.ToUpperInvariant(), "nothing", task + "0" })
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app.Ada.Key, unknown));
    }

    [Fact]
    public async Task A_ticket_for_another_owners_task_is_refused_naming_it()
    {
        await using var app = await AccessApp.StartWithKeysAsync();
        var mine = await app.AddTaskAsync("bob");
        var other = await app.AddTaskAsync("ada");

        using var answer = await app.AskTicketAsync(app.Bob.Key, mine, other);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var error = await answer.ErrorAsync();
        Assert.Equal("task_not_found", error.GetProperty("code").GetString());
        Assert.Contains(other, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
