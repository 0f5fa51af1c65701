using System.Net;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Tasks of one owner that fill its part of the server. Tasks of an agent that pushes run until they are ended.</summary>
public sealed class TaskLimitTests
{
    [Theory]
    [InlineData("StreamRelay:Streams:MaxQueuedTasksPerOwner", "StreamRelay:Streams:MaxRunningTasks")]
    [InlineData("StreamRelay:Agents:push:MaxQueued", "StreamRelay:Agents:push:MaxConcurrent")]
    public async Task More_tasks_than_may_run_are_queued_and_more_than_may_wait_are_refused_with_429_and_the_name_of_the_setting(string queued, string running)
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Agents:push:Type", "push"), (queued, "1"), (running, "1"));

        using var first = await host.StartTaskAsync(null, "push");
        using var second = await host.StartTaskAsync(null, "push");
        using var third = await host.StartTaskAsync(null, "push");

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created], [first.StatusCode, second.StatusCode]);
        var error = await third.ErrorAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.NotNull(third.Headers.RetryAfter);
        Assert.Equal(("rate_limit_error", "too_many_tasks"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.Contains(queued, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
