using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.Agents;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.Testing;

/// <summary>The one task of a test, over all its attempts.</summary>
internal sealed class HarnessTask(ServiceProvider services, Func<IServiceProvider, IAgentRunner> agent, AgentHarnessOptions options) : IAsyncDisposable
{
    private const int DescribedEvents = 20;
    private const int DescribedCharacters = 80;

    private readonly HarnessStores _stores = new(new MemoryEventLog(), new MemoryTaskStore(), new MemoryFileStore(options.Time));
    private HarnessProcess? _process;
    private ObservedRunner? _runner;
    private Task _restarting = Task.CompletedTask;

    /// <summary>The events so far.</summary>
    public HarnessEvents Events { get; } = new();

    /// <summary>The task as it was stored at the end of the last bounded call.</summary>
    public TaskRecord Record { get; private set; } = null!;

    /// <summary>What the agent threw in the last attempt.</summary>
    public Exception? Exception => _runner?.Exception;

    /// <summary>Runs attempts that are broken off until the one that the test asks for, and starts that one.</summary>
    /// <exception cref="AgentException">The agent refuses the input.</exception>
    public async Task StartAsync(TaskInput input)
    {
        _runner = new(agent(services));
        Record = new() { Request = CreateRequest() };
        await _runner.CheckAsync(input);
        for (var attempt = 1; attempt < options.Attempt; attempt++)
        {
            var earlier = new EarlierAttempt(attempt == 1 ? options.History : []);
            await LaunchAsync(earlier, attempt == 1 ? input : null);
            await earlier.Published;
            await _process!.DisposeAsync();
        }

        await LaunchAsync(_runner, options.Attempt == 1 ? input : null);
    }

    /// <summary>Waits until the task has ended, and its record says so.</summary>
    public async Task WaitForEndAsync()
    {
        await Events.FindAsync(static _ => false);
        await _process!.Host.WaitAsync(Record.Id, CancellationToken.None);
    }

    /// <summary>Stops the task and waits for its end.</summary>
    public async Task StopAsync()
    {
        await _process!.Host.StopTaskAsync(Record.Id, CancellationToken.None);
        await WaitForEndAsync();
    }

    /// <summary>Breaks the attempt off, and makes the next one.</summary>
    public Task RestartAsync() => _restarting = LaunchAgainAsync();

    /// <summary>A file of the task, or <see langword="null"/>.</summary>
    public ValueTask<Stream?> OpenFileAsync(string name) => _stores.Files.OpenAsync(Record.Id, name, CancellationToken.None);

    /// <summary>Waits for a piece of work as long as the test allows, then reads the record.</summary>
    /// <exception cref="TimeoutException">It was not done in time.</exception>
    public async Task BoundAsync(Func<Task> work, string what, TimeSpan? timeout = null)
    {
        var (running, limit) = (work(), timeout ?? options.Timeout);
        await running.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Record is not null)
            await RefreshAsync();
        if (!running.IsCompleted)
            throw new TimeoutException($"{what} after {limit}. {Describe()}");

        await running;
    }

    /// <summary>The state of the task, what the agent threw and the last events, for messages.</summary>
    public string Describe()
    {
        var events = Events.Snapshot();
        var last = events.TakeLast(DescribedEvents).Select(static streamed => streamed.Content.Length == 0 ? streamed.Type : $"{streamed.Type} {Quote(streamed.Content)}");
        return $"State: {Record?.State}. {(Exception is { } thrown ? $"The agent threw {thrown.GetType().Name}: {thrown.Message} " : "")}Events{(events.Count > DescribedEvents ? ", the last of them" : "")}: {string.Join(", ", last)}.";
    }

    public async ValueTask DisposeAsync()
    {
        // A restart that took too long may still start a process.
        await _restarting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_process is not null)
            await _process.DisposeAsync();

        await services.DisposeAsync();
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text.Length > DescribedCharacters ? text[..DescribedCharacters] + "…" : text, HarnessInput.Json);

    /// <param name="runner">Runs the attempt.</param>
    /// <param name="input">The input of a new task; <see langword="null"/> to continue the one that the last process left.</param>
    private async Task LaunchAsync(IAgentRunner runner, TaskInput? input)
    {
        _process = await HarnessProcess.StartAsync(_stores, services, runner, options, Events, Record.Request);
        if (input is not null)
            await _process.Host.StartTaskAsync(Record.Request, input, CancellationToken.None);

        _process.Read();
        await Events.FindAsync(static _ => true);
    }

    private async Task LaunchAgainAsync()
    {
        var attempt = Record.Epoch;
        await _process!.DisposeAsync();
        await LaunchAsync(_runner!, input: null);
        await RefreshAsync();
        if (Record.IsEnded && Record.Epoch == attempt)
            throw new InvalidOperationException($"The task has ended, so the agent cannot run again. {Describe()}");
    }

    private async Task RefreshAsync() => Record = await _stores.Tasks.FindAsync(Record.Id, CancellationToken.None) ?? Record;

    private TaskRequest CreateRequest() => new()
    {
        Id = TaskId.New(options.Time),
        Agent = HarnessProcess.AgentName,
        Owner = "test",
        CreatedAt = options.Time.GetUtcNow(),
        SessionId = options.SessionId,
        Metadata = options.Metadata is null ? default : JsonSerializer.SerializeToUtf8Bytes(options.Metadata, HarnessInput.Json),
    };
}
