using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Agents;
using StreamRelay.Client.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Testing;

/// <summary>A task of an agent in a test. Its properties are as of the end of the last method that was awaited; <see cref="Events"/> is always the newest.</summary>
public sealed class AgentRun : IAsyncDisposable
{
    private static readonly TimeSpan BetweenSteps = TimeSpan.FromMilliseconds(5);

    private readonly HarnessTask _task;

    private AgentRun(HarnessTask task) => _task = task;

    /// <summary>The events so far, as a client reads them: first <c>start</c>, and at the end <c>end</c> or <c>error</c>. Those of earlier attempts are among them.</summary>
    public IReadOnlyList<RelayEvent> Events => _task.Events.Snapshot();

    /// <summary>The answer so far: the text of all <c>output</c> events.</summary>
    public string Text => TextOf(RelayEventTypes.Output);

    /// <summary>The reasoning so far: the text of all <c>thought</c> events.</summary>
    public string Thought => TextOf(RelayEventTypes.Thought);

    /// <summary>The task as it is stored.</summary>
    public TaskRecord Record => _task.Record;

    /// <summary><see cref="TaskState.Completed"/>, <see cref="TaskState.Failed"/> or <see cref="TaskState.Stopped"/> after the end.</summary>
    public TaskState State => Record.State;

    /// <summary>The attempt that runs, or that ended the task.</summary>
    public long Attempt => Record.Epoch;

    /// <summary>Why the answer ended, such as <c>stop</c> or <c>tool_calls</c>; <see langword="null"/> before the end, and when the task failed.</summary>
    public string? FinishReason => Events[^1].FinishReason;

    /// <summary>The tokens used: what the agent reported, else an estimate; <see langword="null"/> before the end.</summary>
    public TaskUsage? Usage => Record.Usage;

    /// <summary>The result that the agent set beside its events, or <see langword="null"/>.</summary>
    public JsonElement? Result => Record.Result is { } result ? JsonElement.Parse(result) : null;

    /// <summary>Why the task failed, as readers see it; <see langword="null"/> when it did not.</summary>
    public TaskError? Error => Record.Error;

    /// <summary>What the agent threw in this attempt, which readers do not see; <see langword="null"/> when it returned.</summary>
    public Exception? Exception => _task.Exception;

    /// <summary>The files that the agent stored.</summary>
    public IReadOnlyList<StoredFile> Files => Record.Files;

    /// <summary>The content of a file.</summary>
    /// <exception cref="FileNotFoundException">The agent stored no such file; the message has those that there are.</exception>
    public async Task<byte[]> ReadFileAsync(string name)
    {
        await using var content = await _task.OpenFileAsync(name)
            ?? throw new FileNotFoundException($"The agent stored no file '{name}'. Files: {string.Join(", ", Files.Select(static file => file.Name))}.", name);
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy);
        return copy.ToArray();
    }

    /// <summary>Waits for an event that is there, or comes.</summary>
    /// <param name="type">One of <see cref="RelayEventTypes"/>.</param>
    /// <param name="timeout">How long; default <see cref="AgentHarnessOptions.Timeout"/>.</param>
    /// <returns>The first such event.</returns>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    /// <exception cref="InvalidOperationException">The task ended without one.</exception>
    public Task<RelayEvent> WaitForAsync(string type, TimeSpan? timeout = null) => WaitForAsync(streamed => streamed.Type == type, type, timeout);

    /// <summary>Waits for an event that is there, or comes.</summary>
    /// <returns>The first event that <paramref name="condition"/> accepts.</returns>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    /// <exception cref="InvalidOperationException">The task ended without one.</exception>
    public Task<RelayEvent> WaitForAsync(Func<RelayEvent, bool> condition) => WaitForAsync(condition, "event that the test waits for", timeout: null);

    /// <summary>Waits for the end of the task.</summary>
    /// <param name="timeout">How long; default <see cref="AgentHarnessOptions.Timeout"/>.</param>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public Task WaitForEndAsync(TimeSpan? timeout = null) => _task.BoundAsync(_task.WaitForEndAsync, "The agent has not ended", timeout);

    /// <summary>Stops the task as a client does, and waits for its end: its output so far is kept, and its state is <see cref="TaskState.Stopped"/>, unless it ended before.</summary>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public Task StopAsync() => _task.BoundAsync(_task.StopAsync, "The agent was stopped and has not ended");

    /// <summary>Breaks the attempt off as a server does that ends, and runs the agent again: with the next attempt, and with what it has published so far as its history.</summary>
    /// <exception cref="InvalidOperationException">The task has ended.</exception>
    /// <exception cref="TimeoutException">The agent did not end in time after its token was cancelled.</exception>
    public Task RestartAsync() => _task.BoundAsync(_task.RestartAsync, "The agent was broken off and has not returned");

    /// <summary>Advances a clock step by step until an event comes, however many timers the agent starts one after the other.</summary>
    /// <param name="time">The clock of <see cref="AgentHarnessOptions.Time"/>.</param>
    /// <param name="step">How far at once. The agent has a few milliseconds between two steps.</param>
    /// <param name="until">Accepts the event.</param>
    /// <returns>The event.</returns>
    /// <exception cref="TimeoutException">It did not come in time.</exception>
    /// <exception cref="InvalidOperationException">The task ended without it.</exception>
    public async Task<RelayEvent> AdvanceAsync(FakeTimeProvider time, TimeSpan step, Func<RelayEvent, bool> until)
    {
        ArgumentNullException.ThrowIfNull(time);
        var found = WaitForAsync(until);
        while (await Task.WhenAny(found, Task.Delay(BetweenSteps)) != found)
            time.Advance(step);

        return await found;
    }

    /// <summary>Breaks the agent off if it runs, and disposes its services. What the run has published can be read afterwards; disposing it again has no effect.</summary>
    public ValueTask DisposeAsync() => _task.DisposeAsync();

    internal static async Task<AgentRun> StartAsync(
        Action<IServiceCollection> addAgent, Func<IServiceProvider, IAgentRunner> agent, string input, AgentHarnessOptions options)
    {
        var task = new HarnessTask(HarnessServices.Build(options, addAgent), agent, options);
        var run = new AgentRun(task);
        try
        {
            await task.BoundAsync(() => task.StartAsync(HarnessInput.Create(input, options)), "The task has not started");
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    private async Task<RelayEvent> WaitForAsync(Func<RelayEvent, bool> condition, string what, TimeSpan? timeout)
    {
        ArgumentNullException.ThrowIfNull(condition);
        RelayEvent? found = null;
        await _task.BoundAsync(async () => found = await _task.Events.FindAsync(condition), $"There is no {what}", timeout);
        return found ?? throw new InvalidOperationException($"The task ended without the {what}. {_task.Describe()}");
    }

    private string TextOf(string type) => string.Concat(Events.Where(streamed => streamed.Type == type).Select(static streamed => streamed.Content));
}
