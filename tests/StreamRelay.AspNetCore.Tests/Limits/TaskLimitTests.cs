using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.AspNetCore.Access;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Tasks of one owner or key that fill its part of the server. Tasks of an agent that pushes run until they are ended.</summary>
public sealed class TaskLimitTests
{
    private readonly (string Key, string Hash)[] _keys = [ApiKey.Create(), ApiKey.Create()];

    [Theory]
    [InlineData("StreamRelay:Streams:MaxQueuedTasksPerOwner", "StreamRelay:Streams:MaxRunningTasks")]
    [InlineData("StreamRelay:Streams:MaxQueuedTasksPerKey", "StreamRelay:Streams:MaxRunningTasksPerKey")]
    [InlineData("StreamRelay:Agents:push:MaxQueued", "StreamRelay:Agents:push:MaxConcurrent")]
    public async Task More_tasks_than_may_run_are_queued_and_more_than_may_wait_are_refused_with_429_and_the_name_of_the_setting(string queued, string running)
    {
        await using var host = await HostApp.StartAsync([.. Keys(), ("StreamRelay:Agents:push:Type", "push"), (queued, "1"), (running, "1")]);

        using var first = await host.StartTaskAsync(_keys[0].Key, "push");
        using var second = await host.StartTaskAsync(_keys[0].Key, "push");
        using var third = await host.StartTaskAsync(_keys[0].Key, "push");

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created], [first.StatusCode, second.StatusCode]);
        var error = await third.ErrorAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.NotNull(third.Headers.RetryAfter);
        Assert.Equal(("rate_limit_error", "too_many_tasks"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.Contains(queued, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_has_all_its_running_tasks_does_not_hold_up_another_key_of_its_owner()
    {
        await using var host = await HostApp.StartAsync([.. Keys(), ("StreamRelay:Agents:push:Type", "push"), ("StreamRelay:Streams:MaxRunningTasksPerKey", "1")]);
        using var running = await host.StartTaskAsync(_keys[0].Key, "push");
        using var queued = await host.StartTaskAsync(_keys[0].Key, "push");

        using var other = await host.StartTaskAsync(_keys[1].Key);

        Assert.Equal("completed", await StatusAsync(host, other, "?wait=30"));
        Assert.Equal(("running", "queued"), (await StatusAsync(host, running), await StatusAsync(host, queued)));
        using var stopped = await host.SendAsync(HttpMethod.Post, $"{running.Headers.Location}/stop", _keys[0].Key);
        await Wait.UntilAsync(async () => await StatusAsync(host, queued) == "running", Relay.Deadline, "the next task of the key runs");
    }

    private async Task<string?> StatusAsync(HostApp host, HttpResponseMessage started, string query = "")
    {
        using var answer = await host.GetAsync($"{started.Headers.Location}{query}", _keys[0].Key);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString();
    }

    private IEnumerable<(string Name, string Value)> Keys() => _keys.SelectMany((key, index) => new[]
    {
        ($"StreamRelay:Auth:Keys:{index}:Owner", "ann"), ($"StreamRelay:Auth:Keys:{index}:Hash", key.Hash),
    });
}
