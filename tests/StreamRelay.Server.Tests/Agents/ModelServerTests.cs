using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace StreamRelay.Server.Agents;

/// <summary>How often a request to a model server is retried, after which delay, and which requests are never retried.</summary>
public sealed class ModelServerTests
{
    [Fact]
    public async Task A_server_that_is_busy_once_is_asked_again_after_the_pause_it_names()
    {
        await using var model = await ModelServer.StartAsync("429-once");
        using var app = App(model.Address);
        var task = await app.TaskAsync(await app.StartAsync("MySQL", "write_tutorial"));
        Assert.Equal("completed", task.GetProperty("status").GetString());
        var asked = await AskedAsync(app, model);
        Assert.Equal(4, asked.Count);
        Assert.True(asked[1] - asked[0] >= 990, $"asked again after {asked[1] - asked[0]} ms");
    }

    [Theory]
    [InlineData("401", "model_rejected", 1)]
    [InlineData("cut-plan", "model_interrupted", 1)]
    [InlineData("slow-plan", "model_timeout", 1)]
    [InlineData("dropped", "model_unavailable", 3)]
    public async Task Only_transient_failures_are_retried(string fault, string code, int requests)
    {
        await using var model = await ModelServer.StartAsync(fault);
        using var app = App(model.Address);
        var id = await app.StartAsync("MySQL", "write_tutorial");
        AssertFailed(code, await app.TaskAsync(id));
        Assert.Equal(requests, (await AskedAsync(app, model)).Count);
        Assert.DoesNotContain("\"output\"", await app.ReadAsync(id));
    }

    [Fact]
    public async Task An_unavailable_server_fails_the_start_with_its_address()
    {
        using var app = App(new($"http://127.0.0.1:{UnusedPort()}/"));
        using var answer = await app.PostAsync("/v1/chat/completions", RelayApp.Chat("MySQL", stream: false).Replace("\"probe\"", "\"write_tutorial\"", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.FailedDependency, answer.StatusCode);
        AssertFailed("model_unavailable", await app.TaskAsync(answer.Headers.GetValues("X-Task-Id").Single()));
    }

    private static RelayApp App(Uri model) => new(new()
    {
        ["StreamRelay:Model:BaseUrl"] = $"{model}v1",
        ["StreamRelay:Model:FirstTokenTimeout"] = "00:00:01.5",
        ["StreamRelay:Model:TokenTimeout"] = "00:00:01.5",
        ["StreamRelay:Model:MaxRetries"] = "2",
        ["StreamRelay:Model:RetryDelay"] = "00:00:00.001",
    });

    private static void AssertFailed(string code, JsonElement task) =>
        Assert.Equal(("failed", code), (task.GetProperty("status").GetString(), task.GetProperty("error").GetProperty("code").GetString()));

    /// <summary>The times of the requests to the model server, in milliseconds.</summary>
    private static async Task<List<long>> AskedAsync(RelayApp app, ModelServer model)
    {
        var journal = JsonElement.Parse(await app.Client.GetStringAsync(new Uri(model.Address, "/__aimock/journal")));
        return [.. journal.EnumerateArray().Where(entry => entry.GetProperty("path").GetString() == "/v1/chat/completions").Select(entry => entry.GetProperty("timestamp").GetInt64())];
    }

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
