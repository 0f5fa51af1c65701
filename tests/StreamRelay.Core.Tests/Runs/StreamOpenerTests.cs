using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Runs;

public sealed class StreamOpenerTests
{
    [Fact]
    public async Task A_log_that_is_lost_before_it_is_opened_again_still_begins_with_the_start_event()
    {
        await using var relay = await Relay.StartAsync(async (context, token) => await context.OutputAsync("hello", token), log: new LosingLog());
        var task = await relay.EndAsync(await relay.RunAsync());
        var entries = await relay.ReadAllAsync(task.Id);
        Assert.Equal([1L, 2, 3, 4], entries.Select(entry => entry.Offset));
        Assert.Equal([StreamEventKind.Start, StreamEventKind.Output, StreamEventKind.Usage, StreamEventKind.End], entries.Select(entry => entry.Event.Kind));
    }

    [Fact]
    public async Task A_log_that_is_lost_while_its_task_runs_ends_with_an_error_and_begins_with_the_start_event()
    {
        Relay relay = null!;
        await using var started = relay = await Relay.StartAsync(async (context, token) =>
        {
            await relay.Log.DeleteAsync(context.Request.Id, token);
            await context.OutputAsync("hello", token);
            await context.FlushAsync(token);
        });
        var task = await relay.EndAsync(await relay.RunAsync());
        var entries = await relay.ReadAllAsync(task.Id);
        Assert.Equal("storage_unavailable", task.Error?.Code);
        Assert.Equal([1L, 2, 3], entries.Select(entry => entry.Offset));
        Assert.Equal([StreamEventKind.Start, StreamEventKind.Usage, StreamEventKind.Error], entries.Select(entry => entry.Event.Kind));
    }

    /// <summary>A log that has lost every entry when it is opened for the second time.</summary>
    private sealed class LosingLog : IEventLog
    {
        private readonly MemoryEventLog[] _logs = [new(), new()];
        private int _opened;

        private MemoryEventLog Log => _logs[Volatile.Read(ref _opened) > 1 ? 1 : 0];

        public ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _opened);
            return Log.OpenAsync(task, epoch, cancellationToken);
        }

        public ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken) =>
            Log.ReadAsync(task, offset, limit, cancellationToken);

        public ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken) =>
            Log.TryAppendAsync(task, entries, cancellationToken);

        public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken) => Log.DeleteAsync(task, cancellationToken);
    }
}
