namespace StreamRelay.Agents.Process;

/// <summary>Reads a pipe that a child writes to. Reading ends shortly after the exit of the child, even when a process outside of its group keeps the pipe open.</summary>
internal sealed class ChildPipe(Stream stream, CancellationToken exited)
{
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    /// <returns>The number of bytes read; 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        try
        {
            return await stream.ReadAsync(buffer, exited);
        }
        catch (OperationCanceledException)
        {
            return await ReadRestAsync(buffer);
        }
    }

    /// <summary>Reads the rest after the exit. The pipe holds everything that the child wrote; the other processes of its group have been killed and are about to close the pipe.</summary>
    private async ValueTask<int> ReadRestAsync(Memory<byte> buffer)
    {
        using var lingered = new CancellationTokenSource(Linger);
        try
        {
            return await stream.ReadAsync(buffer, lingered.Token);
        }
        catch (OperationCanceledException)
        {
            // On a busy machine the time can pass before the read is tried.
            return PipePoll.HasBytes(stream) ? await stream.ReadAsync(buffer) : 0;
        }
    }
}
