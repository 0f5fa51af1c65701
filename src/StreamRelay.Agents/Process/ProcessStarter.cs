using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using SystemProcess = System.Diagnostics.Process;

namespace StreamRelay.Agents.Process;

/// <summary>Starts all children from one thread that lives as long as the server, because the system kills a child when the thread that started it ends.</summary>
internal sealed class ProcessStarter : IDisposable
{
    private readonly BlockingCollection<Action> _starts = [];
    private readonly ConcurrentDictionary<ChildProcess, bool> _running = new();
    private readonly Thread _thread;

    public ProcessStarter()
    {
        _thread = new(StartAll) { IsBackground = true, Name = "Process starter" };
        _thread.Start();
    }

    /// <exception cref="AgentException">The system could not start the process.</exception>
    public async Task<ChildProcess> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<SystemProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        _starts.Add(() => Start(start, started));
        var child = new ChildProcess(await started.Task, disposed => _running.TryRemove(disposed, out _));
        _running[child] = true;
        return child;
    }

    /// <summary>Kills every running child and its process group.</summary>
    public void Dispose()
    {
        _starts.CompleteAdding();
        foreach (var child in _running.Keys)
            child.Kill();

        _thread.Join();
        _starts.Dispose();
    }

    private void StartAll()
    {
        foreach (var start in _starts.GetConsumingEnumerable())
            start();
    }

    private static void Start(ProcessStartInfo start, TaskCompletionSource<SystemProcess> started)
    {
        try
        {
            started.SetResult(SystemProcess.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            started.SetException(new AgentException("process_not_started", $"The process could not be started: {exception.Message}", exception));
        }
        catch (Exception exception)
        {
            // An exception must not end the thread, because its end would kill every child.
            started.SetException(exception);
        }
    }
}
