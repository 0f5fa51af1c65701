using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Files;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Testing;

/// <summary>What a server has of tasks, from its start until it shuts down; the next one continues on the same stores.</summary>
internal sealed class HarnessProcess : IAsyncDisposable
{
    /// <summary>The name of the agent.</summary>
    public const string AgentName = "agent";

    private readonly StreamManager _streams;
    private readonly LocalScheduler _scheduler;
    private readonly HarnessEvents _events;
    private readonly TaskRequest _request;
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _stopped = new();
    private Task _reading = Task.CompletedTask;
    private Task? _shutDown;

    private HarnessProcess(HarnessStores stores, IServiceProvider services, IAgentRunner agent, AgentHarnessOptions options, HarnessEvents events, TaskRequest request)
    {
        (_events, _request, _timeout) = (events, request, options.Timeout);
        var streamOptions = services.GetRequiredService<IOptions<StreamOptions>>();
        _streams = new(stores.Log, streamOptions, options.Time);
        var runs = new TaskRuns(
            new AgentRegistry([new(AgentName, agent, CreateOptions(options))]),
            new RunStores(_streams, stores.Tasks, stores.Files, stores.Log, options.Time),
            new(stores.Tasks), streamOptions, services.GetRequiredService<ILogger<TaskRuns>>(),
            new(Files: new FileQuota(services.GetRequiredService<IOptions<FileQuotaOptions>>(), stores.Tasks, options.Time)));
        _scheduler = new(runs, stores.Tasks);
        Host = new(runs, stores.Tasks, new(_streams, stores.Tasks, options.Time), _scheduler);
    }

    /// <summary>Starts, waits for and stops tasks.</summary>
    public AgentHost Host { get; }

    /// <summary>Starts a process, which continues the task if an earlier one has left it.</summary>
    public static async Task<HarnessProcess> StartAsync(
        HarnessStores stores, IServiceProvider services, IAgentRunner agent, AgentHarnessOptions options, HarnessEvents events, TaskRequest request)
    {
        var process = new HarnessProcess(stores, services, agent, options, events, request);
        await process._scheduler.StartAsync(CancellationToken.None);
        return process;
    }

    /// <summary>Starts to read the task's events, once it can be read.</summary>
    public void Read() => _reading = _events.ReadAsync(_streams, _request, _stopped.Token);

    /// <summary>Shuts down as a server does, once: the task does not end.</summary>
    public ValueTask DisposeAsync() => new(_shutDown ??= ShutDownAsync());

    private async Task ShutDownAsync()
    {
        await _stopped.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var given = new CancellationTokenSource(_timeout);
        await _scheduler.StopAsync(given.Token);
        _stopped.Dispose();
    }

    private static AgentOptions CreateOptions(AgentHarnessOptions options)
    {
        var agent = new AgentOptions { OnRestart = OnRestart.Resume, MaxAttempts = 1000 };
        options.Configure(agent);
        return agent;
    }
}
