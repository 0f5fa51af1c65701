using System.Collections.Concurrent;
using System.Diagnostics;
using SystemProcess = System.Diagnostics.Process;

namespace StreamRelay.Agents.Process;

/// <summary>Starts programs, all from one thread that lives as long as the server: a program is killed by the operating system when the thread that
/// started it ends, however that comes about, and a thread of the pool may end at any time.</summary>
internal static class ProcessLauncher
{
    private const string SetPriv = "/usr/bin/setpriv";
    private const string SetSid = "/usr/bin/setsid";

    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<SystemProcess> Started)> Queue = Begin();

    /// <summary>Starts a program in a process group of its own.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Task<SystemProcess> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<SystemProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue.Add((start, started));
        return started.Task;
    }

    /// <summary>How a program is called so that it has a group of its own and ends with the server; elsewhere than on Linux, as it is.</summary>
    public static ProcessStartInfo Wrap(string program, IEnumerable<string> arguments) =>
        File.Exists(SetPriv) && File.Exists(SetSid) ? new(SetPriv, ["--pdeathsig", "KILL", SetSid, program, .. arguments]) : new(program, arguments);

    private static BlockingCollection<(ProcessStartInfo, TaskCompletionSource<SystemProcess>)> Begin()
    {
        var queue = new BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<SystemProcess> Started)>();
        new Thread(() => Run(queue)) { IsBackground = true, Name = "StreamRelay programs" }.Start();
        return queue;
    }

    private static void Run(BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<SystemProcess> Started)> queue)
    {
        foreach (var (start, started) in queue.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(SystemProcess.Start(start)!);
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        }
    }
}
