using System.Threading.Channels;

namespace StreamRelay.Streams;

/// <summary>Limits how many large batches are appended, or files of a task completed, at the same time. Who waits first is next. Safe to use from any thread.</summary>
/// <param name="count">The number of turns.</param>
internal sealed class AppendTurns(int count)
{
    private readonly Channel<bool> _taken = Channel.CreateBounded<bool>(count);

    /// <summary>Takes a turn, waiting until one is free.</summary>
    public ValueTask TakeAsync(CancellationToken cancellationToken) => _taken.Writer.WriteAsync(true, cancellationToken);

    /// <summary>Gives a turn back.</summary>
    public void GiveBack() => _taken.Reader.TryRead(out _);
}
