namespace StreamRelay.Agents.Process;

/// <summary>What a child writes, up to its end: a pipe that is kept open by a process that left the group does not keep its reader waiting.</summary>
internal sealed class ChildPipe(Stream stream, CancellationToken exited)
{
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    /// <returns>0 at the end.</returns>
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

    /// <summary>All that the child wrote is in the pipe by now; others of its group have been killed and are about to let go of it.</summary>
    private async ValueTask<int> ReadRestAsync(Memory<byte> buffer)
    {
        using var lingered = new CancellationTokenSource(Linger);
        try
        {
            return await stream.ReadAsync(buffer, lingered.Token);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }
}
