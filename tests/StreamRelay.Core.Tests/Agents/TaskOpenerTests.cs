using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;
using StreamRelay.Testing;

namespace StreamRelay.Agents;

public sealed class TaskOpenerTests
{
    [Fact]
    public async Task A_log_that_is_lost_between_its_announcement_and_its_opening_still_begins_with_the_start()
    {
        await using var relay = await Relay.StartAsync(async (context, token) => await context.OutputAsync("hello", token), log: new ForgetfulLog());
        var task = await relay.EndAsync(await relay.RunAsync());
        var said = await relay.ReadAllAsync(task.Id);
        Assert.Equal([1L, 2, 3, 4], said.Select(entry => entry.Offset));
        Assert.Equal([StreamEventKind.Start, StreamEventKind.Output, StreamEventKind.Usage, StreamEventKind.End], said.Select(entry => entry.Event.Kind));
    }

    /// <summary>Has lost everything when it is opened for the second time.</summary>
    private sealed class ForgetfulLog : IEventLog
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
