using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>Follows the log of a task that another process writes, for all cursors of this process, while there is one.</summary>
internal sealed class StreamFollower : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly IAsyncEnumerable<ReadOnlyMemory<StreamEntry>> _pages;

    public StreamFollower(TaskId task, long offset, IEventFeed feed, TailMemory memory)
    {
        Live = new(offset + 1, memory);
        _pages = feed.FollowAsync(task, offset, _left.Token);
    }

    public LiveTail Live { get; }

    public async Task RunAsync()
    {
        try
        {
            await foreach (var page in _pages)
                Live.Append(page.Span);

            Live.End(null);
        }
        catch (Exception exception)
        {
            Live.End(exception);
        }
    }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
        Live.Release();
    }
}
