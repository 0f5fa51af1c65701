using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Postgres;

public sealed class PostgresTaskStoreTests : PostgresTests
{
    [Fact]
    public async Task Any_record_is_read_back_exactly_except_for_invalid_text()
    {
        await using var store = await OpenAsync();
        await Gen.Select(RecordGenerators.Record, RecordGenerators.Record, RecordGenerators.Bytes, RecordGenerators.Bytes).SampleAsync(async (first, second, body, messages) =>
        {
            // The id in the owner keeps the keys and the lists of two cases apart.
            var id = SampleEntries.NewTask();
            var record = first with { Request = first.Request with { Id = id, Owner = $"{first.Request.Owner}{id}" } };
            var input = new TaskInput(body, messages);
            Assert.Null(await store.Tasks.AddAsync(record, input, None));

            var found = await store.Tasks.FindAsync(record.Id, None);
            Assert.Equal(Written(AsText(record)), Written(found!));
            Assert.Equal(Written(found!), Written((await store.Tasks.FindByKeyAsync(record.Request.Owner, record.Request.IdempotencyKey!, None))!));
            Assert.Equal(JsonSerializer.Serialize(input), JsonSerializer.Serialize(await store.Tasks.GetInputAsync(record.Id, None)));

            var changed = second with { Request = record.Request, Version = record.Version };
            Assert.True(await store.Tasks.TryUpdateAsync(changed, None));
            var query = new TaskQuery
            {
                Owner = record.Request.Owner,
                Agent = record.Request.Agent,
                State = changed.State,
                SessionId = record.Request.SessionId,
                OperationId = record.Request.OperationId,
                EndedBefore = changed.EndedAt,
            };
            Assert.Equal(Written(AsText(changed) with { Version = changed.Version + 1 }), Written(Assert.Single(await store.Tasks.ListAsync(query, None))));
        }, iter: Seeds.Count(100));
    }

    [Fact]
    public async Task Keys_that_differ_only_in_invalid_text_are_equal()
    {
        await using var store = await OpenAsync();
        var record = New("a\0b", "k\0");
        await store.Tasks.AddAsync(record, Input, None);

        Assert.Equal(record.Id, (await store.Tasks.AddAsync(New("a\0b", "k\0"), Input, None))!.Id);
        Assert.Equal(record.Id, (await store.Tasks.FindByKeyAsync("a\uFFFDb", "k\uFFFD", None))!.Id);
        Assert.Equal(record.Id, Assert.Single(await store.Tasks.ListAsync(new() { Owner = "a\0b" }, None)).Id);
    }

    [Fact]
    public async Task Long_texts_that_begin_alike_are_told_apart()
    {
        await using var store = await OpenAsync();
        var alike = new string('x', 5_000);
        TaskRecord[] records = [Like(New(), alike + "1"), Like(New(), alike + "2")];
        foreach (var record in records)
            Assert.Null(await store.Tasks.AddAsync(record, Input, None));

        Assert.Equal(records[0].Id, Assert.Single(await store.Tasks.ListAsync(new() { SessionId = alike + "1" }, None)).Id);
        Assert.Equal(records[1].Id, Assert.Single(await store.Tasks.ListAsync(new() { OperationId = alike + "2" }, None)).Id);
        Assert.Equal(records[1].Id, (await store.Tasks.FindByKeyAsync("me", alike + "2", None))!.Id);
    }

    [Fact]
    public async Task The_PostgreSQL_store_and_the_memory_store_give_the_same_results()
    {
        await using var store = await OpenAsync();
        var memory = new MemoryTaskStore();
        var random = new Random(1);
        List<TaskRecord> known = [];
        for (var step = 0; step < 2_000; step++)
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    var added = Few(random);
                    known.Add(added);
                    Assert.Equal(Id(await memory.AddAsync(added, Input, None)), Id(await store.Tasks.AddAsync(added, Input, None)));
                    break;
                case 2 when known.Count > 0:
                    var updated = Few(random) with { Request = Pick(random, known).Request, Version = random.Next(3) };
                    Assert.Equal(await memory.TryUpdateAsync(updated, None), await store.Tasks.TryUpdateAsync(updated, None));
                    break;
                case 3 when random.Next(4) == 0 && known.Count > 0:
                    var deleted = Pick(random, known).Id;
                    Assert.Equal(await memory.DeleteAsync(deleted, None), await store.Tasks.DeleteAsync(deleted, None));
                    break;
                default:
                    var query = AnyQuery(random, known);
                    Assert.Equal((await memory.ListAsync(query, None)).Select(Written), (await store.Tasks.ListAsync(query, None)).Select(Written));
                    break;
            }
        }
    }

    [Fact]
    public async Task Of_many_starts_with_one_key_on_two_nodes_one_is_stored()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        for (var round = 0; round < 10; round++)
        {
            var key = round.ToString(CultureInfo.InvariantCulture);
            var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(
                number => Task.Run(() => (number % 2 == 0 ? one : two).Tasks.AddAsync(New(key: key), Input, None).AsTask())));

            var stored = await one.Tasks.FindByKeyAsync("me", key, None);
            Assert.Single(results, result => result is null);
            Assert.All(results, result => Assert.Equal(stored!.Id, result?.Id ?? stored.Id));
            Assert.Equal(round + 1, (await two.Tasks.ListAsync(new(), None)).Count);
        }
    }

    [Fact]
    public async Task Of_many_increments_on_two_nodes_none_is_lost()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        var record = New() with { Result = "0" };
        await one.Tasks.AddAsync(record, Input, None);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
        {
            for (var count = 0; count < 20; count++)
                await PostgresCounter.IncrementAsync((number % 2 == 0 ? one : two).Tasks, record.Id);
        })));

        var found = await two.Tasks.FindAsync(record.Id, None);
        Assert.Equal(("320", 320L), (found!.Result, found.Version));
    }

    [Fact]
    public async Task A_record_of_a_later_format_is_refused_and_named()
    {
        await using var store = await OpenAsync();
        var record = New(key: "k");
        await store.Tasks.AddAsync(record, Input, None);
        await ExecuteAsync("update streamrelay.tasks set format = 2");

        Func<Task>[] readings =
        [
            () => store.Tasks.FindAsync(record.Id, None).AsTask(),
            () => store.Tasks.FindByKeyAsync("me", "k", None).AsTask(),
            () => store.Tasks.GetInputAsync(record.Id, None).AsTask(),
            () => store.Tasks.ListAsync(new(), None).AsTask(),
        ];
        foreach (var reading in readings)
        {
            var refusal = await Assert.ThrowsAsync<IOException>(reading);
            Assert.Contains($"{record.Id} is stored in format 2, and this version reads format 1", refusal.Message);
        }
    }

    [Fact]
    public async Task A_deleted_task_takes_its_files_along_and_no_others()
    {
        await using var store = await OpenAsync();
        var record = New();
        await store.Tasks.AddAsync(record, Input, None);
        await store.Files.SaveAsync(record.Id, "a.txt", "text/plain", new MemoryStream([1]), None);
        var other = SampleEntries.NewTask();
        await store.Files.SaveAsync(other, "b.txt", "text/plain", new MemoryStream([1]), None);

        await store.Tasks.DeleteAsync(record.Id, None);

        Assert.Null(await store.Files.OpenAsync(record.Id, "a.txt", None));
        Assert.NotNull(await store.Files.OpenAsync(other, "b.txt", None));
        Assert.Equal(1L, await ExecuteAsync("select count(*) from streamrelay.chunks"));
    }

    [Fact]
    public async Task A_failure_of_the_database_is_reported_as_a_store_failure_at_once()
    {
        await using var store = await OpenAsync();
        await ExecuteAsync("alter table streamrelay.tasks rename column result to outcome");

        Assert.Contains("PostgreSQL failed", (await Assert.ThrowsAsync<IOException>(() => store.Tasks.FindAsync(SampleEntries.NewTask(), None).AsTask())).Message);
    }

    private static TaskRecord Like(TaskRecord record, string text) =>
        record with { Request = record.Request with { SessionId = text, OperationId = text, IdempotencyKey = text } };

    /// <summary>A record with few different values, so that filters match and keys collide.</summary>
    private static TaskRecord Few(Random random) => new()
    {
        Request = new()
        {
            Id = SampleEntries.NewTask(),
            Agent = Short(random),
            Owner = Short(random),
            CreatedAt = SampleEntries.Start,
            SessionId = Maybe(random, Short),
            OperationId = Maybe(random, Short),
            IdempotencyKey = random.Next(4) > 0 ? null : Short(random),
        },
        State = (TaskState)random.Next(1, 6),
        EndedAt = random.Next(2) == 0 ? null : SampleEntries.Start.AddTicks(random.Next(4)),
    };

    private static TaskQuery AnyQuery(Random random, List<TaskRecord> known) => new()
    {
        Owner = Maybe(random, Short),
        Agent = Maybe(random, Short),
        Agents = random.Next(3) > 0 ? null : [Short(random), Short(random)],
        State = random.Next(3) > 0 ? null : (TaskState)random.Next(1, 6),
        SessionId = Maybe(random, Short),
        OperationId = Maybe(random, Short),
        EndedBefore = random.Next(3) > 0 ? null : SampleEntries.Start.AddTicks(random.Next(4)),
        Before = random.Next(3) > 0 || known.Count == 0 ? null : Pick(random, known).Id,
        Limit = random.Next(3) > 0 ? int.MaxValue : random.Next(5),
    };

    private static string Short(Random random) => random.Next(3).ToString(CultureInfo.InvariantCulture);

    private static string? Maybe(Random random, Func<Random, string> text) => random.Next(3) > 0 ? null : text(random);

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private static TaskId? Id(TaskRecord? record) => record?.Id;

    private static string Written(TaskRecord record) => JsonSerializer.Serialize(record);

    private static TaskRecord AsText(TaskRecord record) => record with
    {
        Request = record.Request with
        {
            Agent = AsText(record.Request.Agent)!,
            Owner = AsText(record.Request.Owner)!,
            CreatedAt = record.Request.CreatedAt.ToUniversalTime(),
            SessionId = AsText(record.Request.SessionId),
            OperationId = AsText(record.Request.OperationId),
            ToolCallId = AsText(record.Request.ToolCallId),
            IdempotencyKey = AsText(record.Request.IdempotencyKey),
            RequestFingerprint = AsText(record.Request.RequestFingerprint),
            Title = AsText(record.Request.Title),
        },
        StartedAt = record.StartedAt?.ToUniversalTime(),
        EndedAt = record.EndedAt?.ToUniversalTime(),
        Result = AsText(record.Result),
        Error = record.Error is { } error ? new(AsText(error.Code)!, AsText(error.Message)!) : null,
    };

    private static string? AsText(string? text) => text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
