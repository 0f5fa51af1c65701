using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Conversations;
using StreamRelay.Storage;
using StreamRelay.TestSupport;

namespace StreamRelay.Runs;

public sealed class RetentionTimerTests
{
    // More than are deleted at once.
    private const int Conversations = 250;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_task_is_deleted_after_the_retention_age_and_a_younger_one_is_kept()
    {
        var (time, log) = (new FakeTimeProvider(), new DeletionLog());
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask, time: time, log: log);
        var old = await relay.EndAsync(await relay.RunAsync());
        time.Advance(TimeSpan.FromMinutes(30));
        var young = await relay.EndAsync(await relay.RunAsync());
        using var timer = new RetentionTimer(relay.Retention, Options.Create(new RetentionOptions { Age = TimeSpan.FromHours(1) }), time, NullLogger<RetentionTimer>.Instance);

        await timer.StartAsync(None);
        time.Advance(TimeSpan.FromMinutes(31));
        await log.WhenDeletedAsync(old.Id).WaitAsync(Relay.Deadline);
        await timer.StopAsync(None);

        Assert.Null(await relay.Tasks.FindAsync(old.Id, None));
        Assert.NotNull(await relay.Tasks.FindAsync(young.Id, None));
    }

    [Fact]
    public async Task Ended_tasks_are_deleted_oldest_first_when_they_exceed_the_bytes()
    {
        var (time, log) = (new FakeTimeProvider(), new DeletionLog());
        await using var relay = await Relay.StartAsync(async (context, token) => await context.OutputAsync("hello", token), time: time, log: log);
        var old = await relay.EndAsync(await relay.RunAsync());
        time.Advance(TimeSpan.FromMinutes(1));
        var young = await relay.EndAsync(await relay.RunAsync());
        using var timer = new RetentionTimer(relay.Retention, Options.Create(new RetentionOptions { Bytes = young.Bytes }), time, NullLogger<RetentionTimer>.Instance);

        await timer.StartAsync(None);
        time.Advance(TimeSpan.FromMinutes(1));
        await log.WhenDeletedAsync(old.Id).WaitAsync(Relay.Deadline);
        await timer.StopAsync(None);

        Assert.NotNull(await relay.Tasks.FindAsync(young.Id, None));
    }

    [Fact]
    public async Task Conversations_are_deleted_when_they_were_not_used_for_the_retention_age()
    {
        var time = new FakeTimeProvider();
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask, time: time);
        var folder = Directory.CreateTempSubdirectory("streamrelay-");
        await using var store = EmbeddedStore.Open(new() { DataPath = folder.FullName }, time);
        var conversations = store.Conversations;
        for (var number = 1; number <= Conversations; number++)
            await conversations.AddAsync(new($"conv_{number}", "ada", time.GetUtcNow(), "{}"u8.ToArray()), [], None);
        using var timer = new RetentionTimer(
            relay.Retention, Options.Create(new RetentionOptions { Age = TimeSpan.FromHours(1) }), time, NullLogger<RetentionTimer>.Instance, conversations);

        await timer.StartAsync(None);
        time.Advance(TimeSpan.FromMinutes(30));
        await conversations.AppendAsync("ada", "conv_2", new([], time.GetUtcNow()), None);
        time.Advance(TimeSpan.FromMinutes(31));
        await Wait.UntilAsync(() => IsDeletedAsync(conversations, "conv_1"), Relay.Deadline, "the conversation is deleted");
        await Wait.UntilAsync(() => IsDeletedAsync(conversations, $"conv_{Conversations}"), Relay.Deadline, "all others are deleted in the same minute");
        await timer.StopAsync(None);

        Assert.NotNull(await conversations.FindAsync("ada", "conv_2", None));
    }

    private static async Task<bool> IsDeletedAsync(IConversationStore conversations, string id) => await conversations.FindAsync("ada", id, None) is null;
}
