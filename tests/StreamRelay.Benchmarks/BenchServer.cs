using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Conversations;
using StreamRelay.Events;

namespace StreamRelay.Benchmarks;

/// <summary>The real server in this process, with an agent that waits for a signal before it counts.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamrelay-bench-").FullName;
    private readonly WebApplication _app;

    private BenchServer(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0", $"--StreamRelay:DataPath={_folder}", "--StreamRelay:Streams:MaxRunningTasks=2000", "--StreamRelay:Streams:MaxRunningTasksPerOwner=2000"]);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.Services.AddStreamRelay(builder.Configuration).AddStreamRelayCluster(builder.Configuration).AddSingleton(this).AddAgent<WaitingCounter>("wait").AddAgent<Clock>("clock");
        _app = builder.Build();
        _app.MapStreamRelay();
    }

    public TaskCompletionSource Go { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HttpClient Client { get; private set; } = null!;

    public static async Task<BenchServer> StartAsync(IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var server = new BenchServer(settings ?? []);
        await server._app.StartAsync();
        server.Client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 10_000 }) { BaseAddress = new(server._app.Urls.First()) };
        return server;
    }

    public void Reset() => Go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<string> StartTaskAsync(int count, string agent = "wait")
    {
        using var answer = await Client.PostAsJsonAsync("/v1/tasks", new { agent, input = $"{count}" });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public async Task<long> ReadAsync(string id, TaskCompletionSource? attached = null)
    {
        using var answer = await Client.GetAsync($"/v1/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[64 << 10];
        long total = 0;
        while (await stream.ReadAsync(buffer) is var count and > 0)
        {
            total += count;
            attached?.TrySetResult();
        }

        return total;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class WaitingCounter(BenchServer server) : IAgentRunner
    {
        private static readonly StreamEvent Event = new(StreamEventKind.Output, "t1234 and a little more text "u8.ToArray());

        public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
        {
            var count = int.Parse(context.Input.LastUserText()!, System.Globalization.CultureInfo.InvariantCulture);
            await server.Go.Task.WaitAsync(cancellationToken);
            for (var index = 0; index < count; index++)
                await context.PublishAsync(Event, cancellationToken);
        }
    }

    /// <summary>Says what time it is, every two milliseconds.</summary>
    private sealed class Clock(BenchServer server) : IAgentRunner
    {
        public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
        {
            var count = int.Parse(context.Input.LastUserText()!, System.Globalization.CultureInfo.InvariantCulture);
            await server.Go.Task.WaitAsync(cancellationToken);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
            for (var index = 0; index < count && await timer.WaitForNextTickAsync(cancellationToken); index++)
                await context.OutputAsync($"at {System.Diagnostics.Stopwatch.GetTimestamp()} ", cancellationToken);
        }
    }
}
