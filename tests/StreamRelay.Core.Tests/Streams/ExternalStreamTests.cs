using StreamRelay.Logs;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Streams;

public sealed class ExternalStreamTests
{
    private const int Count = 50;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Events_of_two_writers_get_one_order_without_gaps()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask);
        var stream = await OpenAsync(relay);

        await Task.WhenAll(Task.Run(() => PublishAsync(stream)), Task.Run(() => AppendAsync(relay.Streams.OpenExternalLog(stream.Id))));
        await stream.CompleteAsync(TaskEvents.End(TaskState.Completed, "stop"));

        var entries = await relay.ReadAllAsync(stream.Id);
        Assert.Equal(Enumerable.Range(1, (2 * Count) + 1).Select(offset => (long)offset), entries.Select(entry => entry.Offset));
        Assert.Equal(Count, entries.Count(entry => entry.Event.Content.Span.SequenceEqual("here"u8)));
        Assert.Equal(Count, entries.Count(entry => entry.Event.Content.Span.SequenceEqual("there"u8)));
    }

    [Fact]
    public async Task A_terminal_event_of_another_writer_ends_the_stream()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask);
        var stream = await OpenAsync(relay);
        var log = relay.Streams.OpenExternalLog(stream.Id);
        await log.ReadAsync(static _ => { }, None);

        Assert.True(await log.TryAppendAsync([TaskEvents.End(TaskState.Completed, "length")], None));
        await stream.Closed.WaitAsync(Relay.Deadline);

        Assert.True(stream.IsCompleted);
        Assert.Equal(PublishFailure.Closed, (await Assert.ThrowsAsync<PublishException>(() => stream.PublishAsync(Relay.Output("late"), None).AsTask())).Failure);
        Assert.False(await stream.CompleteAsync(TaskEvents.End(TaskState.Stopped, "stop")));
    }

    [Fact]
    public async Task A_writer_that_was_late_appends_nothing_until_it_has_read()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask);
        var stream = await OpenAsync(relay);
        var (first, late) = (relay.Streams.OpenExternalLog(stream.Id), relay.Streams.OpenExternalLog(stream.Id));

        Assert.True(await first.TryAppendAsync([Relay.Output("one")], None));
        Assert.False(await late.TryAppendAsync([Relay.Output("two")], None));
        await late.ReadAsync(static _ => { }, None);

        Assert.True(await late.TryAppendAsync([Relay.Output("two")], None));
        Assert.Equal(2, late.Last);
    }

    private static async Task<TaskStream> OpenAsync(Relay relay) =>
        await relay.Streams.ContinueAsync(TaskId.New(TimeProvider.System), 1, LogSummary.Empty, isExternal: true, None);

    private static async Task PublishAsync(TaskStream stream)
    {
        for (var index = 0; index < Count; index++)
        {
            await stream.PublishAsync(Relay.Output("here"), None);
            await stream.FlushAsync(None);
        }
    }

    private static async Task AppendAsync(ExternalLog log)
    {
        for (var index = 0; index < Count; index++)
        {
            do
                await log.ReadAsync(static _ => { }, None);
            while (!await log.TryAppendAsync([Relay.Output("there")], None));
        }
    }
}
