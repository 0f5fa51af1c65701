using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Events;
using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Runs;
using StreamRelay.Storage.Memory;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.TestSupport;

/// <summary>The core without HTTP: stores in memory, one agent called <c>agent</c>. Start another one on the same stores to test a restart.</summary>
public sealed class Relay : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private Relay(Func<AgentContext, CancellationToken, Task> agent, StreamOptions? options, AgentOptions? agentOptions, TimeProvider? time, Relay? before, IEventLog? log, ITaskStore? tasks, IFileStore? files, Func<Relay, ITaskScheduler>? scheduler, RunQuotas? quotas)
    {
        Log = log ?? before?.Log ?? new MemoryEventLog();
        Tasks = tasks ?? before?.Tasks ?? new MemoryTaskStore();
        Files = files ?? before?.Files ?? new MemoryFileStore(TimeProvider.System);
        Options = Microsoft.Extensions.Options.Options.Create(options ?? new StreamOptions());
        Time = time ?? TimeProvider.System;
        Streams = new(Log, Options, Time);
        Heads = new(Streams, Tasks, Time);
        Registry = new AgentRegistry([new("agent", new DelegateRunner(agent), agentOptions ?? new())]);
        Stores = new(Streams, Tasks, Files, Log, Time);
        Retention = new(Stores, Readers, NullLogger<TaskRetention>.Instance);
        Runs = new(Registry, Stores, new(Tasks), Options, NullLogger<TaskRuns>.Instance, quotas);
        Scheduler = scheduler?.Invoke(this) ?? new LocalScheduler(Runs, Tasks);
        Host = new(Runs, Tasks, Heads, Scheduler);
    }

    public IEventLog Log { get; }

    public ITaskStore Tasks { get; }

    public IFileStore Files { get; }

    public IOptions<StreamOptions> Options { get; }

    public TimeProvider Time { get; }

    public StreamManager Streams { get; }

    public StreamReaders Readers { get; } = new();

    public LogHeads Heads { get; }

    public RunStores Stores { get; }

    public TaskRetention Retention { get; }

    public AgentRegistry Registry { get; }

    public TaskRuns Runs { get; }

    public ITaskScheduler Scheduler { get; }

    public AgentHost Host { get; }

    public static async Task<Relay> StartAsync(
        Func<AgentContext, CancellationToken, Task> agent, StreamOptions? options = null, AgentOptions? agentOptions = null,
        TimeProvider? time = null, Relay? before = null, IEventLog? log = null, ITaskStore? tasks = null, IFileStore? files = null, Func<Relay, Task>? beforeStart = null, Func<Relay, ITaskScheduler>? scheduler = null,
        RunQuotas? quotas = null)
    {
        var relay = new Relay(agent, options, agentOptions, time, before, log, tasks, files, scheduler, quotas);
        await (beforeStart?.Invoke(relay) ?? Task.CompletedTask);
        await relay.Scheduler.StartAsync(CancellationToken.None);
        return relay;
    }

    public TaskRequest Request(string owner = "me") =>
        new() { Id = TaskId.New(Time), Agent = "agent", Owner = owner, CreatedAt = Time.GetUtcNow() };

    public async Task<TaskRecord> RunAsync(string input = "hello", TaskRequest? request = null) =>
        (await Host.StartTaskAsync(request ?? Request(), Text(input), CancellationToken.None)).Task;

    public async Task<TaskRecord> EndAsync(TaskRecord task)
    {
        await Host.WaitAsync(task.Id, CancellationToken.None).WaitAsync(Deadline);
        return (await Tasks.FindAsync(task.Id, CancellationToken.None))!;
    }

    public async Task<List<StreamEntry>> ReadAllAsync(TaskId task, long after = 0)
    {
        using var cursor = Streams.Read(task, after);
        List<StreamEntry> all = [];
        while (!cursor.IsCompleted)
            all.AddRange((await cursor.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Deadline)).ToArray());

        return all;
    }

    public static TaskInput Text(string text) => new(Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(text)));

    public static StreamEvent Output(string text) => new(StreamEventKind.Output, Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync() => await Scheduler.StopAsync(new CancellationTokenSource(Deadline).Token);
}
