using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Process;

/// <summary>Kills the processes of agents that a killed server left running, and removes their folders, before any agent runs.</summary>
/// <remarks>The environment of a process holds the id of its task. Every descendant of a child inherits it, in whatever process group it is.
/// The host creates every hosted service before it starts the first one. The store is open by then, so no other server uses the folder.</remarks>
internal sealed partial class ProcessReaper(IOptions<ProcessHostOptions> options, TimeProvider time, ILogger<ProcessReaper> logger) : IHostedLifecycleService
{
    private const int MaxRounds = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var root = options.Value.WorkPath;
        var abandoned = WorkFolder.FindAbandoned(root).ToHashSet();
        if (abandoned.Count == 0)
            return;

        await KillAsync(abandoned, cancellationToken);
        foreach (var task in abandoned)
        {
            await (TaskCgroup.Find(task)?.KillAsync(time) ?? Task.CompletedTask);
            WorkFolder.Remove(root, task);
        }
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
        // Several rounds are needed, because a process may start another one before it is killed.
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

    [LoggerMessage(1, LogLevel.Warning, "Killed process {ProcessId} of task {TaskId}, which an earlier run of the server left running")]
    private partial void ProcessKilled(int processId, TaskId taskId);
}
