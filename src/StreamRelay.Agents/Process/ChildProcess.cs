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
    private bool _isGone;

    public ChildProcess(SystemProcess process, Action<ChildProcess> disposed)
    {
        _process = process;
        _disposed = disposed;
        Output = new(process.StandardOutput.BaseStream, _exited.Token);
        Error = new(process.StandardError.BaseStream, _exited.Token);
    }

    public ChildPipe Output { get; }

    public ChildPipe Error { get; }

    /// <summary>The code it ended with; 128 and the number of the signal when that ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Writes its standard input, then closes it. A child that does not read, or ends before, is no failure.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> request)
    {
        await using var input = _process.StandardInput.BaseStream;
        try
        {
            await input.WriteAsync(request, _exited.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It does not want it.
        }
    }

    /// <summary>Waits for its end, then kills what it left in its group.</summary>
    public async Task WaitForExitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        lock (_lock)
        {
            if (Launcher.MakesGroup)
                Signals.SendToGroup(_process.Id, Signals.Kill);

            _isGone = true;
            _killTimer?.Dispose();
        }

        await _exited.CancelAsync();
    }

    /// <summary>Asks the group to end, and kills it when it has not after <paramref name="grace"/>. Asking again changes nothing.</summary>
    public void Terminate(TimeSpan grace, TimeProvider time)
    {
        lock (_lock)
        {
            if (_isGone || _killTimer is not null)
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
        // The id may already be another process's.
        if (_isGone || _process.HasExited)
            return;
        if (!Launcher.MakesGroup)
            _process.Kill(entireProcessTree: true);
        else if (!Signals.SendToGroup(_process.Id, signal))
            Signals.Send(_process.Id, signal); // It has not made its group yet.
    }
}
