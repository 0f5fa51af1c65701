using System.Text;
using StreamRelay.Outbox;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Contracts;

public abstract class OutboxContract(IStoreFixture store) : IAsyncLifetime
{
    private const string Queue = "one";

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Now = SampleEntries.Start;
    private static readonly DateTimeOffset Until = Now.AddMinutes(1);

    private IOutbox Outbox => store.Outbox;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task The_end_of_a_task_and_its_messages_are_stored_together()
    {
        var task = await AddTaskAsync();
        var ended = task with { State = TaskState.Completed, EndedAt = Now };

        Assert.True(await Outbox.TryEndAsync(ended, [Message(task, Queue), Message(task, "two")], None));
        await store.ReopenAsync();

        Assert.Equal(TaskState.Completed, (await store.Tasks.FindAsync(task.Id, None))!.State);
        var claimed = Assert.Single(await Outbox.ClaimAsync(Queue, 10, Now, Until, None));
        Assert.Equal((Queue, task.Id, Until, 0, "body"), (claimed.Queue, claimed.Task, claimed.DueAt, claimed.Attempts, Encoding.UTF8.GetString(claimed.Body.Span)));
        Assert.Single(await Outbox.ClaimAsync("two", 10, Now, Until, None));
    }

    [Fact]
    public async Task The_end_of_a_record_that_was_changed_meanwhile_stores_no_message()
    {
        var task = await AddTaskAsync();
        Assert.True(await store.Tasks.TryUpdateAsync(task with { StopRequested = true }, None));

        Assert.False(await Outbox.TryEndAsync(task with { State = TaskState.Completed }, [Message(task, Queue)], None));

        Assert.Null(await Outbox.FindNextDueAsync(Queue, None));
        Assert.False((await store.Tasks.FindAsync(task.Id, None))!.IsEnded);
    }

    [Fact]
    public async Task Messages_are_claimed_when_they_are_due_and_the_earliest_first()
    {
        foreach (var minutes in (int[])[3, 1, 2, 9])
            await AddMessageAsync(Now.AddMinutes(minutes));

        Assert.Empty(await Outbox.ClaimAsync(Queue, 10, Now, Until, None));
        Assert.Equal(Now.AddMinutes(1), await Outbox.FindNextDueAsync(Queue, None));
        var later = Now.AddMinutes(5);
        var first = await Outbox.ClaimAsync(Queue, 2, later, later.AddHours(1), None);
        var second = await Outbox.ClaimAsync(Queue, 2, later, later.AddHours(1), None);

        Assert.Equal((2, 1), (first.Count, second.Count));
        Assert.Equal(Now.AddMinutes(9), await Outbox.FindNextDueAsync(Queue, None));
    }

    [Fact]
    public async Task A_claimed_message_can_be_claimed_again_only_when_the_claim_has_ended()
    {
        await AddMessageAsync(Now);

        var claimed = Assert.Single(await Outbox.ClaimAsync(Queue, 10, Now, Until, None));
        Assert.Empty(await Outbox.ClaimAsync(Queue, 10, Until.AddMilliseconds(-1), Until.AddHours(1), None));
        var again = Assert.Single(await Outbox.ClaimAsync(Queue, 10, Until, Until.AddHours(1), None));

        // The first claim has ended, and changes nothing any more.
        await Outbox.RemoveAsync(claimed, None);
        await Outbox.PostponeAsync(claimed, Now, 1, None);
        Assert.Equal(Until.AddHours(1), await Outbox.FindNextDueAsync(Queue, None));
        await Outbox.RemoveAsync(again, None);
        Assert.Null(await Outbox.FindNextDueAsync(Queue, None));
    }

    [Fact]
    public async Task A_postponed_message_counts_its_attempts()
    {
        await AddMessageAsync(Now);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var time = Now.AddHours(attempt);
            var claimed = Assert.Single(await Outbox.ClaimAsync(Queue, 10, time, time.AddMinutes(1), None));
            Assert.Equal(attempt, claimed.Attempts);
            await Outbox.PostponeAsync(claimed, Now.AddHours(attempt + 1), claimed.Attempts + 1, None);
            await store.ReopenAsync();
        }

        Assert.Equal(Now.AddHours(3), await Outbox.FindNextDueAsync(Queue, None));
    }

    [Fact]
    public async Task A_message_outlives_its_task()
    {
        var task = await AddMessageAsync(Now);

        Assert.True(await store.Tasks.DeleteAsync(task.Id, None));

        Assert.Equal(task.Id, Assert.Single(await Outbox.ClaimAsync(Queue, 10, Now, Until, None)).Task);
    }

    [Fact]
    public async Task Messages_for_receivers_that_are_gone_can_be_removed()
    {
        await AddMessageAsync(Now);
        await AddMessageAsync(Now, "gone");
        await AddMessageAsync(Now.AddDays(1), "gone");

        Assert.Equal(1, await Outbox.RemoveOthersAsync([Queue, "two"], Now.AddHours(1), None));

        Assert.Equal(Now, await Outbox.FindNextDueAsync(Queue, None));
        Assert.Equal(Now.AddDays(1), await Outbox.FindNextDueAsync("gone", None));
    }

    [Fact]
    public async Task Each_message_is_claimed_once_by_many_at_the_same_time()
    {
        const int Messages = 60;
        for (var index = 0; index < Messages; index++)
            await AddMessageAsync(Now);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            List<TaskId> tasks = [];
            while (await Outbox.ClaimAsync(Queue, 7, Now, Until, None) is { Count: > 0 } some)
                tasks.AddRange(some.Select(message => message.Task));

            return tasks;
        })));

        Assert.Equal(Messages, claimed.Sum(tasks => tasks.Count));
        Assert.Equal(Messages, claimed.SelectMany(tasks => tasks).Distinct().Count());
    }

    private static OutboxMessage Message(TaskRecord task, string queue, DateTimeOffset? dueAt = null) => new(queue, task.Id, dueAt ?? Now, 0, "body"u8.ToArray());

    private async Task<TaskRecord> AddTaskAsync()
    {
        var record = new TaskRecord { Request = new() { Id = SampleEntries.NewTask(), Agent = "probe", Owner = "me", CreatedAt = Now } };
        Assert.Null(await store.Tasks.AddAsync(record, new("\"x\""u8.ToArray()), None));
        return record;
    }

    private async Task<TaskRecord> AddMessageAsync(DateTimeOffset dueAt, string queue = Queue)
    {
        var task = await AddTaskAsync();
        Assert.True(await Outbox.TryEndAsync(task with { State = TaskState.Completed, EndedAt = Now }, [Message(task, queue, dueAt)], None));
        return task;
    }
}
