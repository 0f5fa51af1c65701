using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StreamRelay.Agents.Process;

/// <summary>At start, ends what programs of the server's last life left running, and removes their folders.</summary>
public sealed partial class ProcessReaper(IOptions<ProcessHostOptions> options, ILogger<ProcessReaper> logger) : IHostedLifecycleService
{
    /// <summary>Kills and removes, before any task runs again.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in Directory.Exists(options.Value.WorkPath) ? Directory.EnumerateDirectories(options.Value.WorkPath) : [])
        {
            var killed = LinuxProcesses.KillAllOf(Path.GetFileName(folder));
            if (killed > 0)
                Reaped(killed, Path.GetFileName(folder));

            Directory.Delete(folder, recursive: true);
        }

        return Task.CompletedTask;
    }

    /// <summary>Does nothing.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does nothing.</summary>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does nothing: runners end their programs themselves.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does nothing.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does nothing.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Warning, "{Count} processes of task {TaskId} had outlived the server and were killed")]
    private partial void Reaped(int count, string taskId);
}
