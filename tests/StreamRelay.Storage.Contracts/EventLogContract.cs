using System.Text;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Contracts;

public abstract class EventLogContract(IStoreFixture store) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TaskId _task = SampleEntries.NewTask();

    private IEventLog Log => store.Log;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task A_new_log_starts_at_one_and_is_empty()
    {
        await using var writer = await Log.OpenAsync(_task, 1, None);

        Assert.Equal(1, writer.NextOffset);
        Assert.Empty(await Log.ReadAllAsync(_task));
    }

    [Fact]
    public async Task An_unknown_log_is_not_found() =>
        await Assert.ThrowsAsync<LogNotFoundException>(() => Log.ReadAsync(_task, 0, 10, None).AsTask());

    [Fact]
    public async Task Entries_come_back_exactly_also_after_a_restart()
    {
        StreamEntry[] entries =
        [
            SampleEntries.Entry(1, "", """{"model":"m"}"""), SampleEntries.Entry(2, "grüß 👋", agent: "Ärztin"), SampleEntries.Entry(3, "", agent: ""),
            SampleEntries.Entry(4, new('x', 1 << 20)), SampleEntries.Entry(5, "b", "{}", "b"),
        ];
        await Log.AppendAsync(_task, entries);

        AssertSame(entries, await Log.ReadAllAsync(_task));
        await store.ReopenAsync();
        AssertSame(entries, await Log.ReadAllAsync(_task));
    }

    [Fact]
    public async Task Writing_goes_on_after_a_restart()
    {
        for (var round = 0; round < 4; round++)
        {
            await using (var writer = await Log.OpenAsync(_task, 1, None))
            {
                Assert.Equal((round * 60) + 1, writer.NextOffset);
                await writer.AppendAsync(SampleEntries.Entries(writer.NextOffset, 60), None);
            }

            await store.ReopenAsync();
        }

        AssertSame(SampleEntries.Entries(1, 240), await Log.ReadAllAsync(_task, 7));
    }

    [Fact]
    public async Task A_page_holds_no_more_than_asked_for_and_starts_after_the_offset()
    {
        await Log.AppendAsync(_task, SampleEntries.Entries(1, 100));

        var page = await Log.ReadAsync(_task, 41, 5, None);

        Assert.Equal([42, 43, 44, 45, 46], page.ToArray().Select(entry => entry.Offset));
        Assert.True((await Log.ReadAsync(_task, 100, 5, None)).IsEmpty);
        Assert.True((await Log.ReadAsync(_task, 1_000, 5, None)).IsEmpty);
    }

    [Fact]
    public async Task A_page_is_bounded_in_bytes_and_never_empty_before_the_end()
    {
        await Log.AppendAsync(_task, [SampleEntries.Entry(1, new('x', 700_000)), SampleEntries.Entry(2, new('y', 700_000)), SampleEntries.Entry(3, "z")]);

        var page = await Log.ReadAsync(_task, 0, 100, None);

        Assert.Equal(1, page.Length);
    }

    [Fact]
    public async Task Offsets_must_go_on_from_the_last_one()
    {
        await using var writer = await Log.OpenAsync(_task, 1, None);
        await writer.AppendAsync(SampleEntries.Entries(1, 2), None);

        await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendAsync(SampleEntries.Entries(4, 1), None).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendAsync(SampleEntries.Entries(2, 1), None).AsTask());

        await writer.AppendAsync(SampleEntries.Entries(3, 1), None);
        AssertSame(SampleEntries.Entries(1, 3), await Log.ReadAllAsync(_task));
    }

    [Fact]
    public async Task A_higher_epoch_fences_the_writers_before_it()
    {
        await using var old = await Log.OpenAsync(_task, 1, None);
        await old.AppendAsync(SampleEntries.Entries(1, 2), None);
        await using var young = await Log.OpenAsync(_task, 2, None);

        await Assert.ThrowsAsync<StaleEpochException>(() => old.AppendAsync(SampleEntries.Entries(3, 1), None).AsTask());
        await Assert.ThrowsAsync<StaleEpochException>(() => Log.OpenAsync(_task, 1, None).AsTask());

        await young.AppendAsync(SampleEntries.Entries(3, 1), None);
        AssertSame(SampleEntries.Entries(1, 3), await Log.ReadAllAsync(_task));
    }

    [Fact]
    public async Task Older_epochs_stay_fenced_after_a_restart_and_the_same_epoch_may_open()
    {
        await Log.AppendAsync(_task, SampleEntries.Entries(1, 2), epoch: 7);
        await store.ReopenAsync();

        await Assert.ThrowsAsync<StaleEpochException>(() => Log.OpenAsync(_task, 6, None).AsTask());
        await using var writer = await Log.OpenAsync(_task, 7, None);

        Assert.Equal(3, writer.NextOffset);
    }

    [Fact]
    public async Task A_deleted_log_is_gone_for_readers_and_writers_also_after_a_restart()
    {
        await using var writer = await Log.OpenAsync(_task, 1, None);
        await writer.AppendAsync(SampleEntries.Entries(1, 400), None);

        await Log.DeleteAsync(_task, None);
        await Log.DeleteAsync(_task, None);

        await Assert.ThrowsAsync<LogNotFoundException>(() => writer.AppendAsync(SampleEntries.Entries(401, 1), None).AsTask());
        await Assert.ThrowsAsync<LogNotFoundException>(() => Log.ReadAsync(_task, 0, 10, None).AsTask());
    }

    [Fact]
    public async Task A_log_can_be_created_again_after_its_deletion()
    {
        await Log.AppendAsync(_task, SampleEntries.Entries(1, 400, "old"), epoch: 3);
        await Log.DeleteAsync(_task, None);
        await Log.AppendAsync(_task, SampleEntries.Entries(1, 3, "new"));

        AssertSame(SampleEntries.Entries(1, 3, "new"), await Log.ReadAllAsync(_task));
        await store.ReopenAsync();
        AssertSame(SampleEntries.Entries(1, 3, "new"), await Log.ReadAllAsync(_task));
    }

    [Fact]
    public async Task An_append_at_the_end_succeeds_and_an_append_elsewhere_is_refused()
    {
        await Log.AppendAsync(_task, SampleEntries.Entries(1, 2), epoch: 3);

        Assert.False(await Log.TryAppendAsync(_task, SampleEntries.Entries(2, 1), None));
        Assert.False(await Log.TryAppendAsync(_task, SampleEntries.Entries(4, 1), None));
        Assert.True(await Log.TryAppendAsync(_task, SampleEntries.Entries(3, 2), None));
        Assert.False(await Log.TryAppendAsync(_task, SampleEntries.Entries(3, 2), None));
        await store.ReopenAsync();
        Assert.True(await Log.TryAppendAsync(_task, SampleEntries.Entries(5, 1), None));

        AssertSame(SampleEntries.Entries(1, 5), await Log.ReadAllAsync(_task));
        await Assert.ThrowsAsync<StaleEpochException>(() => Log.OpenAsync(_task, 2, None).AsTask());
    }

    [Fact]
    public async Task An_append_to_a_missing_log_fails()
    {
        await Assert.ThrowsAsync<LogNotFoundException>(() => Log.TryAppendAsync(_task, SampleEntries.Entries(1, 1), None).AsTask());
        await Log.AppendAsync(_task, SampleEntries.Entries(1, 1));
        await Log.DeleteAsync(_task, None);

        await Assert.ThrowsAsync<LogNotFoundException>(() => Log.TryAppendAsync(_task, SampleEntries.Entries(2, 1), None).AsTask());
    }

    [Fact]
    public async Task Concurrent_appends_to_one_log_lose_no_entry_and_leave_no_gap()
    {
        await Log.AppendAsync(_task, SampleEntries.Entries(1, 1));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() => AppendManyAsync(writer))));

        var all = await Log.ReadAllAsync(_task);
        Assert.Equal(Enumerable.Range(1, 201).Select(offset => (long)offset), all.Select(entry => entry.Offset));
        var texts = all.Skip(1).Select(entry => Encoding.UTF8.GetString(entry.Event.Content.Span)).ToList();
        Assert.Equal(200, texts.Distinct().Count());
        for (var writer = 0; writer < 8; writer++)
            Assert.Equal(Enumerable.Range(0, 25).Select(number => $"{writer}:{number}"), texts.Where(text => text.StartsWith($"{writer}:", StringComparison.Ordinal)));
    }

    private async Task AppendManyAsync(int writer)
    {
        var next = 2L;
        for (var number = 0; number < 25;)
        {
            if (await Log.TryAppendAsync(_task, new[] { SampleEntries.Entry(next, $"{writer}:{number}") }, None))
                number++;

            next = (await Log.ReadAllAsync(_task)).Count + 1;
        }
    }

    [Fact]
    public async Task Many_tasks_write_at_once_and_each_keeps_its_own()
    {
        var tasks = Enumerable.Range(0, 50).Select(_ => SampleEntries.NewTask()).ToArray();

        await Task.WhenAll(tasks.Select(task => Task.Run(() => WriteAsync(task))));

        foreach (var task in tasks)
            AssertSame(SampleEntries.Entries(1, 40), await Log.ReadAllAsync(task, 11));
    }

    private async Task WriteAsync(TaskId task)
    {
        await using var writer = await Log.OpenAsync(task, 1, None);
        for (var batch = 0; batch < 10; batch++)
        {
            await writer.AppendAsync(SampleEntries.Entries(writer.NextOffset, 4), None);
            Assert.Equal(writer.NextOffset - 1, (await Log.ReadAllAsync(task)).Count);
        }
    }

    private static void AssertSame(StreamEntry[] expected, List<StreamEntry> found)
    {
        Assert.Equal(expected.Select(entry => entry.Offset), found.Select(entry => entry.Offset));
        foreach (var (wanted, got) in expected.Zip(found))
        {
            Assert.Equal(wanted.Time, got.Time);
            Assert.Equal(wanted.Event.Kind, got.Event.Kind);
            Assert.Equal(wanted.Event.Agent, got.Event.Agent);
            Assert.True(wanted.Event.Content.Span.SequenceEqual(got.Event.Content.Span));
            Assert.True(wanted.Event.Metadata.Span.SequenceEqual(got.Event.Metadata.Span));
        }
    }
}
