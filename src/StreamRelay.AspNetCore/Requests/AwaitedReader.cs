namespace StreamRelay.AspNetCore.Requests;

/// <summary>A feature of a request: its answer is counted as a reader of the task that it starts, from before the start until a stream that is counted itself begins.</summary>
internal sealed class AwaitedReader(IDisposable counted) : IDisposable
{
    public void Dispose() => counted.Dispose();
}
