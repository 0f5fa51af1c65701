using Microsoft.Extensions.Time.Testing;
using StreamRelay.Conversations;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Streams;

public sealed class StreamManagerTests
{
    [Fact]
    public async Task An_id_is_never_opened_twice()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask);
        var stream = await relay.Streams.CreateAsync(TaskId.New(relay.Time), 1, CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => relay.Streams.CreateAsync(stream.Id, 1, CancellationToken.None).AsTask());
        await relay.Streams.PublishAsync(stream.Id, Relay.Output("still here"), CancellationToken.None);
        await relay.Streams.CloseAsync(stream.Id, TaskEvents.End(TaskState.Completed, "stop"));
        Assert.Equal("still here", (await relay.ReadAllAsync(stream.Id)).Output());
    }

    [Fact]
    public async Task Publishing_says_why_it_failed()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask);
        var unknown = await Assert.ThrowsAsync<PublishException>(() => relay.Streams.PublishAsync(TaskId.New(relay.Time), Relay.Output("x"), CancellationToken.None).AsTask());
        Assert.Equal(PublishFailure.UnknownTask, unknown.Failure);

        var stream = await relay.Streams.CreateAsync(TaskId.New(relay.Time), 1, CancellationToken.None);
        await stream.CompleteAsync(TaskEvents.End(TaskState.Completed, "stop"));
        var closed = await Assert.ThrowsAsync<PublishException>(() => stream.PublishAsync(Relay.Output("x"), CancellationToken.None).AsTask());
        Assert.Equal(PublishFailure.Closed, closed.Failure);
        Assert.False(stream.TryPublish(Relay.Output("x")));
    }

    [Fact]
    public async Task Active_streams_are_those_that_have_not_ended()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask);
        var one = await relay.Streams.CreateAsync(TaskId.New(relay.Time), 1, CancellationToken.None);
        var two = await relay.Streams.CreateAsync(TaskId.New(relay.Time), 1, CancellationToken.None);
        await relay.Streams.CloseAsync(one.Id, TaskEvents.End(TaskState.Completed, "stop"));
        Assert.Equal([two.Id], relay.Streams.ListActive());
    }

    [Fact]
    public async Task Retention_keeps_young_running_and_read_tasks()
    {
        var time = new FakeTimeProvider();
        var hold = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync(
            (context, _) => TaskMessages.LastUserText(context.Input) == "run" ? hold.Task : Task.CompletedTask, time: time);
        var old = await relay.EndAsync(await relay.RunAsync());
        var read = await relay.EndAsync(await relay.RunAsync());
        var running = await relay.RunAsync("run");
        time.Advance(TimeSpan.FromHours(25));
        var young = await relay.EndAsync(await relay.RunAsync());

        using (relay.Readers.Enter(read.Request))
            Assert.Equal(1, await relay.Retention.CleanUpAsync(TimeSpan.FromHours(24), null, CancellationToken.None));

        Assert.Null(await relay.Tasks.FindAsync(old.Id, CancellationToken.None));
        Assert.All([read.Id, running.Id, young.Id], id => Assert.NotNull(relay.Tasks.FindAsync(id, CancellationToken.None).AsTask().Result));
        Assert.Equal(1, await relay.Retention.CleanUpAsync(TimeSpan.FromHours(24), null, CancellationToken.None));
        hold.SetResult();
        await relay.EndAsync(running);
    }

    [Fact]
    public async Task Trimming_deletes_the_oldest_until_the_rest_fits()
    {
        var time = new FakeTimeProvider();
        await using var relay = await Relay.StartAsync(async (context, token) => await context.OutputAsync(new string('x', 1000), token), time: time);
        List<TaskRecord> ended = [];
        for (var index = 0; index < 4; index++)
        {
            ended.Add(await relay.EndAsync(await relay.RunAsync()));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, await relay.Retention.TrimAsync(ended[0].Bytes * 2, CancellationToken.None));
        var left = await relay.Tasks.ListAsync(new(), CancellationToken.None);
        Assert.Equal([ended[3].Id, ended[2].Id], left.Select(task => task.Id));
    }

    [Fact]
    public async Task Trimming_counts_what_another_node_has_deleted_meanwhile()
    {
        var time = new FakeTimeProvider();
        var store = RacingTasks.Create();
        await using var relay = await Relay.StartAsync(async (context, token) => await context.OutputAsync(new string('x', 1000), token), time: time, tasks: store);
        List<TaskRecord> ended = [];
        for (var index = 0; index < 4; index++)
        {
            ended.Add(await relay.EndAsync(await relay.RunAsync()));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, await relay.Retention.TrimAsync(ended[0].Bytes * 2, CancellationToken.None));
        var left = await relay.Tasks.ListAsync(new(), CancellationToken.None);
        Assert.Equal([ended[3].Id, ended[2].Id], left.Select(task => task.Id));
    }

    [Fact]
    public async Task Readers_are_counted_and_gone_when_they_leave()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask);
        var request = relay.Request();
        var tokens = Enumerable.Range(0, 100).Select(_ => relay.Readers.Enter(request)).ToArray();
        Assert.Equal(100, relay.Readers.Count(request.Id));
        Parallel.ForEach(tokens, token => token.Dispose());
        tokens[0].Dispose();
        Assert.Equal(0, relay.Readers.Count(request.Id));
    }
}
