using SystemProcess = System.Diagnostics.Process;

namespace StreamRelay.Agents.Process;

/// <summary>A running child and its process group.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly SystemProcess _process;
    private readonly Action<ChildProcess> _disposed;
    private readonly CancellationTokenSource _exited = new();
    private readonly Lock _lock = new();
    private ITimer? _killTimer;
    private bool _hasExited;

    public ChildProcess(SystemProcess process, Action<ChildProcess> disposed)
    {
        _process = process;
        _disposed = disposed;
        Output = new(process.StandardOutput.BaseStream, _exited.Token);
        Error = new(process.StandardError.BaseStream, _exited.Token);
    }

    public ChildPipe Output { get; }

    public ChildPipe Error { get; }

    /// <summary>The exit code; 128 plus the number of the signal when a signal ended the process.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Writes the request to the standard input and closes it. A child that does not read the request, or exits before, causes no exception.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> request)
    {
        await using var input = _process.StandardInput.BaseStream;
        try
        {
            await input.WriteAsync(request, _exited.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The child has closed its standard input or has exited.
        }
    }

    /// <summary>Waits for the exit of the child, then kills the other processes of its group.</summary>
    public async Task WaitForExitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        lock (_lock)
        {
            if (Launcher.MakesGroup)
                Signals.SendToGroup(_process.Id, Signals.Kill);

            _hasExited = true;
            _killTimer?.Dispose();
        }

        await _exited.CancelAsync();
    }

    /// <summary>Sends SIGTERM to the group, and kills the group when the child still runs after <paramref name="grace"/>. Further calls have no effect.</summary>
    public void Terminate(TimeSpan grace, TimeProvider time)
    {
        lock (_lock)
        {
            if (_hasExited || _killTimer is not null)
                return;

            Signal(Signals.Terminate);
            _killTimer = time.CreateTimer(_ => Kill(), null, grace, Timeout.InfiniteTimeSpan);
        }
    }

    public void Kill()
    {
        lock (_lock)
            Signal(Signals.Kill);
    }

    public void Dispose()
    {
        Kill();
        _disposed(this);
        _killTimer?.Dispose();
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
        _exited.Dispose();
    }

    private void Signal(int signal)
    {
        // After the exit the system may give the id to another process.
        if (_hasExited || _process.HasExited)
            return;
        if (!Launcher.MakesGroup)
            _process.Kill(entireProcessTree: true);
        else if (!Signals.SendToGroup(_process.Id, signal))
            Signals.Send(_process.Id, signal); // The child has not created its group yet.
    }
}
