using System.Text;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Streams;

public sealed class TaskStreamTests
{
    [Fact]
    public async Task Nine_readers_that_join_at_any_time_read_the_same_entries()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask);
        var stream = await OpenAsync(relay);
        var readers = Enumerable.Range(0, 8).Select(_ => relay.ReadAllAsync(stream.Id)).ToList();
        for (var index = 0; index < 20_000; index++)
            await stream.PublishAsync(Relay.Output($"{index} "), CancellationToken.None);

        await relay.Streams.CloseAsync(stream.Id, TaskEvents.End(TaskState.Completed, "stop"));
        readers.Add(relay.ReadAllAsync(stream.Id));

        var all = await Task.WhenAll(readers);
        Assert.All(all, entries => Assert.Equal(all[0], entries));
        Assert.Equal(Enumerable.Range(1, 20_001).Select(offset => (long)offset), all[0].Select(entry => entry.Offset));
        Assert.Equal(string.Concat(Enumerable.Range(0, 20_000).Select(index => $"{index} ")), all[0].Output());
    }

    [Fact]
    public async Task A_full_inbox_makes_the_agent_wait_and_then_publishing_fails_with_Full()
    {
        var time = new FakeTimeProvider();
        var log = new HeldLog();
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask, new() { InboxCapacity = 4 }, time: time, log: log);
        var stream = await OpenAsync(relay);
        await FillAsync(stream, log);

        var waiting = stream.PublishAsync(Relay.Output("more"), CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(PublishFailure.Full, (await Assert.ThrowsAsync<PublishException>(() => waiting)).Failure);

        var patient = stream.PublishAsync(Relay.Output("again"), CancellationToken.None).AsTask();
        log.Release();
        await patient.WaitAsync(Relay.Deadline);
    }

    [Fact]
    public async Task A_stream_is_not_written_in_the_ambient_values_of_the_request_that_opened_it()
    {
        var ambient = new AsyncLocal<string?> { Value = "a request" };
        var seen = "";
        var log = new HeldLog { OnAppend = () => seen = ambient.Value };
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask, log: log);
        var stream = await OpenAsync(relay);
        ambient.Value = null;

        Assert.True(stream.TryPublish(Relay.Output("text")));
        await log.Held.WaitAsync(Relay.Deadline);
        Assert.Null(seen);
        log.Release();
    }

    [Fact]
    public async Task The_inbox_counts_bytes_too_and_takes_one_event_of_any_size()
    {
        var log = new HeldLog();
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask, new() { InboxBytes = 1024 }, log: log);
        var stream = await OpenAsync(relay);
        Assert.True(stream.TryPublish(Relay.Output("begin")));
        await log.Held.WaitAsync(Relay.Deadline);

        Assert.True(stream.TryPublish(Relay.Output(new string('x', 5000))));
        Assert.False(stream.TryPublish(Relay.Output("y")));
        log.Release();
    }

    [Fact]
    public async Task Long_text_is_split_between_code_points()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask, new() { MaxEventBytes = 1024 });
        var stream = await OpenAsync(relay);
        var text = string.Concat(Enumerable.Repeat("a😀é漢", 500));
        await stream.PublishAsync(Relay.Output(text), CancellationToken.None);
        await stream.CompleteAsync(TaskEvents.End(TaskState.Completed, "stop"));

        var pieces = (await relay.ReadAllAsync(stream.Id)).Where(entry => entry.Event.Kind == StreamEventKind.Output).ToList();
        Assert.True(pieces.Count > 1);
        Assert.All(pieces, piece => Assert.InRange(piece.Event.Size, 1, 1024));
        Assert.All(pieces, piece => new UTF8Encoding(false, true).GetString(piece.Event.Content.Span));
        Assert.Equal(text, pieces.Output());
    }

    [Fact]
    public async Task An_event_that_cannot_be_split_and_is_too_large_is_refused()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask, new() { MaxEventBytes = 1024 });
        var stream = await OpenAsync(relay);
        var large = new StreamEvent(StreamEventKind.Observation, new byte[2000]);
        var refused = await Assert.ThrowsAsync<PublishException>(() => stream.PublishAsync(large, CancellationToken.None).AsTask());
        Assert.Equal(PublishFailure.TooLarge, refused.Failure);
        await stream.CompleteAsync(TaskEvents.End(TaskState.Completed, "stop"));
    }

    [Fact]
    public async Task A_flush_returns_when_every_event_published_before_it_is_in_the_log()
    {
        var log = new HeldLog();
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask, log: log);
        var stream = await OpenAsync(relay);
        await stream.PublishAsync(Relay.Output("one"), CancellationToken.None);
        var flush = stream.FlushAsync(CancellationToken.None).AsTask();
        await log.Held.WaitAsync(Relay.Deadline);
        Assert.False(flush.IsCompleted);
        Assert.Equal(0, stream.Head);

        log.Release();
        await flush.WaitAsync(Relay.Deadline);
        Assert.Equal(1, stream.Head);
    }

    [Fact]
    public async Task A_reader_gets_the_failure_of_the_log_and_does_not_keep_waiting()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask, log: new FailingLog(after: 2));
        var stream = await OpenAsync(relay);
        using var cursor = relay.Streams.Read(stream.Id, 0);
        await stream.PublishAsync(Relay.Output("kept"), CancellationToken.None);
        await stream.FlushAsync(CancellationToken.None);
        Assert.Equal("kept", (await cursor.ReadAsync(CancellationToken.None)).Span[0].Event.Text());

        var waiting = cursor.ReadAsync(CancellationToken.None).AsTask();
        await stream.PublishAsync(Relay.Output("two"), CancellationToken.None);
        await stream.FlushAsync(CancellationToken.None);
        await waiting.WaitAsync(Relay.Deadline);
        waiting = cursor.ReadAsync(CancellationToken.None).AsTask();
        stream.TryPublish(Relay.Output("lost"));
        await Assert.ThrowsAsync<IOException>(() => waiting.WaitAsync(Relay.Deadline));
        var failure = await Assert.ThrowsAsync<PublishException>(() => stream.CompleteAsync(TaskEvents.End(TaskState.Completed, "stop")).AsTask());
        Assert.Equal(PublishFailure.Storage, failure.Failure);
    }

    [Fact]
    public async Task A_stream_ends_once_for_every_reader_whatever_ends_it_first()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask);
        foreach (var seed in Seeds.Take(1000))
        {
            var random = new Random(seed);
            var stream = await OpenAsync(relay);
            var early = relay.ReadAllAsync(stream.Id);
            StreamEvent[] endings = [TaskEvents.End(TaskState.Completed, "stop"), TaskEvents.End(TaskState.Stopped, "stop"), TaskEvents.Error(new("agent_failed", "no"))];
            var ends = endings.Select(ending => Race(random, () => stream.CompleteAsync(ending).AsTask())).ToArray();
            var publishers = Enumerable.Range(0, 4).Select(_ => Race(random, () => PublishAsync(stream))).ToArray();

            var won = await Task.WhenAll(ends).WaitAsync(Relay.Deadline);
            var accepted = (await Task.WhenAll(publishers)).Sum();
            var late = await relay.ReadAllAsync(stream.Id);
            Assert.Single(won, true);
            Assert.Equal(late, await early);
            Assert.Equal(endings[Array.IndexOf(won, true)], late[^1].Event);
            Assert.Equal(accepted, late.Count - 1);
            Assert.DoesNotContain(late.SkipLast(1), entry => entry.Event.Kind.IsTerminal());
            relay.Streams.Release(stream);
        }
    }

    private static async Task<TaskStream> OpenAsync(Relay relay) => await relay.Streams.CreateAsync(TaskId.New(TimeProvider.System), 1, CancellationToken.None);

    private static Task<T> Race<T>(Random random, Func<Task<T>> what)
    {
        var spins = random.Next(2000);
        return Task.Run(() =>
        {
            Thread.SpinWait(spins);
            return what();
        });
    }

    private static async Task<int> PublishAsync(TaskStream stream)
    {
        var accepted = 0;
        for (var index = 0; index < 10; index++)
        {
            try
            {
                await stream.PublishAsync(Relay.Output("x"), CancellationToken.None);
                accepted++;
            }
            catch (PublishException exception)
            {
                Assert.Equal(PublishFailure.Closed, exception.Failure);
            }
        }

        return accepted;
    }

    private static async Task FillAsync(TaskStream stream, HeldLog log)
    {
        Assert.True(stream.TryPublish(Relay.Output("begin")));
        await log.Held.WaitAsync(Relay.Deadline);
        while (stream.TryPublish(Relay.Output("fill")))
        {
        }
    }

    /// <summary>Appends only after it was released, as a slow disk does.</summary>
    private sealed class HeldLog : IEventLog, IEventLogWriter
    {
        private readonly MemoryEventLog _log = new();
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private IEventLogWriter? _writer;

        public Task Held => _held.Task;

        public Action OnAppend { get; init; } = static () => { };

        public long NextOffset => _writer!.NextOffset;

        public void Release() => _released.SetResult();

        public async ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken)
        {
            _writer = await _log.OpenAsync(task, epoch, cancellationToken);
            return this;
        }

        public async ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
        {
            OnAppend();
            _held.TrySetResult();
            await _released.Task;
            await _writer!.AppendAsync(entries, cancellationToken);
        }

        public ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken) =>
            _log.ReadAsync(task, offset, limit, cancellationToken);

        public ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken) =>
            _log.TryAppendAsync(task, entries, cancellationToken);

        public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken) => _log.DeleteAsync(task, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
