using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StreamRelay.TestSupport;

/// <summary>Sends signals.</summary>
public static class UnixSignalExtensions
{
    /// <summary>Sends a signal to a process.</summary>
    /// <exception cref="InvalidOperationException">There is no such process, or it is not ours.</exception>
    public static void Send(this Process process, UnixSignal signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (Kill(process.Id, (int)signal) != 0)
            throw new InvalidOperationException($"Signal {signal} failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
