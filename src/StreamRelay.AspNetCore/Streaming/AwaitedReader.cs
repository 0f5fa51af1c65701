namespace StreamRelay.AspNetCore.Streaming;

/// <summary>A request's feature: its answer is counted as a reader of the task it starts from before the start, until a stream that counts itself takes over.</summary>
internal sealed class AwaitedReader(IDisposable counted) : IDisposable
{
    public void Dispose() => counted.Dispose();
}
