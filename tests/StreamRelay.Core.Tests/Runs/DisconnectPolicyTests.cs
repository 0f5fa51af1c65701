using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Agents;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Runs;

public sealed class DisconnectPolicyTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly DeletionLog _log = new();
    private readonly TaskCompletionSource _finish = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private Relay _relay = null!;
    private DisconnectPolicy _policy = null!;

    public Task InitializeAsync() => StartAsync(new() { OnDisconnect = OnDisconnect.Stop, StopGrace = TimeSpan.Zero });

    public async Task DisposeAsync()
    {
        _finish.TrySetResult();
        await _policy.StopAsync(CancellationToken.None);
        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task A_task_is_stopped_one_grace_period_after_its_last_reader_left_and_keeps_its_output()
    {
        var task = await RunAsync();
        var first = _relay.Readers.Enter(task.Request);
        var second = _relay.Readers.Enter(task.Request);
        first.Dispose();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(_relay.Streams.Find(task.Id));

        second.Dispose();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.NotNull(_relay.Streams.Find(task.Id));
        _time.Advance(TimeSpan.FromSeconds(1));
        var ended = await _relay.EndAsync(task);
        Assert.Equal(TaskState.Stopped, ended.State);
        Assert.True(ended.Usage is { CompletionTokens: > 0, Estimated: true });
        Assert.Equal("hello", (await _relay.ReadAllAsync(task.Id)).Output());
    }

    [Fact]
    public async Task A_reader_that_reconnects_within_the_grace_period_keeps_the_task_and_the_period_starts_anew_later()
    {
        var task = await RunAsync();
        _relay.Readers.Enter(task.Request).Dispose();
        _time.Advance(TimeSpan.FromSeconds(6));
        var back = _relay.Readers.Enter(task.Request);
        _time.Advance(TimeSpan.FromMinutes(1));
        back.Dispose();
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.NotNull(_relay.Streams.Find(task.Id));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TaskState.Stopped, (await _relay.EndAsync(task)).State);
    }

    [Fact]
    public async Task A_task_without_any_reader_yet_continues()
    {
        var task = await RunAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        _finish.SetResult();
        Assert.Equal(TaskState.Completed, (await _relay.EndAsync(task)).State);
    }

    [Fact]
    public async Task Readers_that_are_disconnected_by_a_shutdown_stop_no_task()
    {
        var task = await RunAsync();
        var reader = _relay.Readers.Enter(task.Request);
        _lifetime.StopApplication();
        reader.Dispose();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(_relay.Streams.Find(task.Id));
    }

    [Fact]
    public async Task With_the_policy_Continue_a_task_runs_on_without_readers()
    {
        await DisposeAsync();
        await StartAsync(new());
        var task = await RunAsync();
        _relay.Readers.Enter(task.Request).Dispose();
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(TaskState.Completed, (await _relay.EndAsync(task)).State);
    }

    [Fact]
    public async Task A_task_that_is_not_to_be_kept_is_gone_after_its_end_and_its_last_reader_whichever_is_later()
    {
        _finish.SetResult();
        var request = _relay.Request() with { Ephemeral = true };
        var reader = _relay.Readers.Enter(request);
        var task = await _relay.RunAsync(request: request);
        await _relay.EndAsync(task);
        Assert.NotEmpty(await _relay.ReadAllAsync(task.Id));
        reader.Dispose();
        await GoneAsync(task.Id);
    }

    [Fact]
    public async Task A_restart_deletes_responses_with_store_false()
    {
        _finish.SetResult();
        var task = await _relay.RunAsync(request: _relay.Request() with { Ephemeral = true });
        await _relay.EndAsync(task);
        Assert.NotNull(await _relay.Tasks.FindAsync(task.Id, CancellationToken.None));
        await _policy.DeleteLeftAsync(CancellationToken.None);
        await GoneAsync(task.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_restart_the_grace_period_starts_at_the_restart_whether_the_task_was_read_or_not(bool wasRead)
    {
        await _policy.StopAsync(CancellationToken.None);
        var options = new AgentOptions { OnDisconnect = OnDisconnect.Stop, OnRestart = OnRestart.Resume, StopGrace = TimeSpan.Zero };
        await StartAsync(options);
        var (left, kept) = (await RunAsync(), await RunAsync());
        if (wasRead)
            _relay.Readers.Enter(left.Request);

        await _relay.Scheduler.StopAsync(CancellationToken.None);
        await StartAsync(options, _relay);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.NotNull(_relay.Streams.Find(left.Id));
        using var reader = _relay.Readers.Enter(kept.Request);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TaskState.Stopped, (await _relay.EndAsync(left)).State);
        Assert.NotNull(_relay.Streams.Find(kept.Id));
    }

    private async Task StartAsync(AgentOptions options, Relay? before = null)
    {
        _relay = await Relay.StartAsync(
            async (context, token) =>
            {
                await context.OutputAsync("hello", CancellationToken.None);
                await context.FlushAsync(CancellationToken.None);
                await _finish.Task.WaitAsync(token);
            },
            agentOptions: options, time: _time, before: before, log: _log, beforeStart: relay => (_policy = Policy(relay)).StartAsync(CancellationToken.None));
    }

    private DisconnectPolicy Policy(Relay relay) =>
        new(relay.Runs, relay.Host, relay.Readers, relay.Retention, relay.Stores, _lifetime, NullLogger<DisconnectPolicy>.Instance);

    private async Task<TaskRecord> RunAsync()
    {
        var task = await _relay.RunAsync();
        using var cursor = _relay.Streams.Read(task.Id, 1);
        await cursor.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Relay.Deadline);
        return task;
    }

    private async Task GoneAsync(TaskId task)
    {
        await _log.WhenDeletedAsync(task).WaitAsync(Relay.Deadline);
        Assert.Null(await _relay.Tasks.FindAsync(task, CancellationToken.None));
    }
}
