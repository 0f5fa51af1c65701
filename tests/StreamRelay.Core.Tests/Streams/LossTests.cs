using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Streams;

/// <summary>Tests what happens to a stream and its readers after a shared store has lost entries.</summary>
public sealed class LossTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TaskId Id = TaskId.New(TimeProvider.System);

    private readonly LosingStore _store = new();
    private readonly StreamManager _streams;

    public LossTests() => _streams = new(_store, Microsoft.Extensions.Options.Options.Create(new StreamOptions()), TimeProvider.System, _store);

    [Fact]
    public async Task A_cursor_waits_for_entries_that_are_appended_again()
    {
        await ContinueAsync();
        using var cursor = _streams.Read(Id, 0);
        _store.IsRecovering = true;
        _store.Lose();
        var reading = cursor.ReadAsync(None).AsTask();
        await _store.WhenRead.WaitAsync(Relay.Deadline);
        Assert.False(reading.IsCompleted);

        _store.Restore();

        Assert.Equal(1, (await reading.WaitAsync(Relay.Deadline)).Length);
    }

    [Fact]
    public async Task A_cursor_fails_when_entries_of_its_stream_are_lost()
    {
        await ContinueAsync();
        using var cursor = _streams.Read(Id, 0);
        _store.Lose();

        await Assert.ThrowsAsync<LogTruncatedException>(() => cursor.ReadAsync(None).AsTask().WaitAsync(Relay.Deadline));
    }

    [Fact]
    public async Task A_stream_that_others_append_to_ends_when_entries_that_it_has_shown_are_lost()
    {
        var stream = await ContinueAsync(isExternal: true);

        await stream.Closed.WaitAsync(Relay.Deadline);

        Assert.IsType<LogTruncatedException>(stream.Live.Failure);
    }

    [Fact]
    public async Task A_log_that_was_read_before_a_loss_is_outdated()
    {
        var log = _streams.OpenExternalLog(Id);
        Assert.False(log.IsOutdated);

        _store.Lose();

        Assert.True(log.IsOutdated);
    }

    /// <summary>Opens the stream of a log with one entry, which is not in memory.</summary>
    private async Task<TaskStream> ContinueAsync(bool isExternal = false)
    {
        await using (var writer = await _store.OpenAsync(Id, 1, None))
            await writer.AppendAsync(new StreamEntry[] { new(1, DateTimeOffset.UnixEpoch, new(StreamEventKind.Start)) }, None);

        return await _streams.ContinueAsync(Id, 2, LogSummary.Empty, isExternal, None);
    }
}
