using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Process;

/// <summary>Before anything runs, kills what a server that was killed left running below its agents, and removes their folders.</summary>
/// <remarks>A process belongs to a task when its environment says so, which it inherits however far down it was started and whatever group it is in.
/// The host makes every hosted service before it starts the first, so the store is open by now: no other server uses the folder.</remarks>
internal sealed partial class ProcessReaper(IOptions<ProcessHostOptions> options, TimeProvider time, ILogger<ProcessReaper> logger) : IHostedLifecycleService
{
    private const int MaxRounds = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var root = options.Value.WorkPath;
        var left = WorkFolder.Left(root).ToHashSet();
        if (left.Count == 0)
            return;

        await KillAsync(left, cancellationToken);
        foreach (var task in left)
            WorkFolder.Remove(root, task);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task KillAsync(HashSet<TaskId> tasks, CancellationToken cancellationToken)
    {
        // In rounds: one of them may start another while it is being killed.
        for (var round = 0; round < MaxRounds; round++)
        {
            var processes = TaskProcesses.Find(tasks);
            if (processes.Count == 0)
                return;

            foreach (var (process, task) in processes)
            {
                if (Signals.Send(process, Signals.Kill) && round == 0)
                    ProcessKilled(process, task);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Process {ProcessId} of task {TaskId} was left behind and has been killed")]
    private partial void ProcessKilled(int processId, TaskId taskId);
}
