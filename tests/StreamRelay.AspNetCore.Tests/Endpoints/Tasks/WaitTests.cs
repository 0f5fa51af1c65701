using System.Net;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary><c>GET /v1/tasks/{id}?wait=</c>.</summary>
public sealed class WaitTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("wait=")]
    [InlineData("wait")]
    [InlineData("wait=0")]
    [InlineData("wait=301")]
    [InlineData("wait=1&wait=1")]
    [InlineData("wait=soon")]
    public async Task A_time_to_wait_that_is_not_a_number_of_seconds_is_refused_at_once(string query)
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Agents:push:Type", "push"));
        using var started = await host.StartTaskAsync(null, "push");

        using var answer = await host.GetAsync($"{started.Headers.Location}?{query}").WaitAsync(Deadline);

        var error = await answer.ErrorAsync();
        Assert.Equal((HttpStatusCode.BadRequest, "wait"), (answer.StatusCode, error.GetProperty("param").GetString()));
    }

    [Fact]
    public async Task A_wait_ends_with_its_time_when_the_task_does_not()
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Agents:push:Type", "push"));
        using var started = await host.StartTaskAsync(null, "push");

        using var answer = await host.GetAsync($"{started.Headers.Location}?wait=1").WaitAsync(Deadline);

        Assert.Contains("\"status\":\"running\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
