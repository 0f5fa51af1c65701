using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Events;
using StreamRelay.Files;
using StreamRelay.Storage.Memory;
using StreamRelay.Streams;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Agents;

/// <summary>A file that is written in pieces is there when it is completed, and before that nobody sees anything of it.</summary>
public sealed class AgentFileStreamTests
{
    private const string Csv = "text/csv";

    private readonly MemoryTaskStore _tasks = new();
    private readonly MemoryFileStore _files = new(TimeProvider.System);

    [Fact]
    public async Task It_is_stored_whole_when_it_is_completed()
    {
        var (task, kinds) = await RunAsync(async (context, ct) =>
        {
            await using var file = context.CreateFile("report.csv", Csv);
            await file.WriteAsync("a;b\n"u8.ToArray(), ct);
            Assert.Equal(4, file.Length);
            Assert.Null(await _files.OpenAsync(context.Request.Id, "report.csv", ct));
            await using (var text = new StreamWriter(file, leaveOpen: true))
                text.Write("1;2\n");

            Assert.Equal(8, (await file.CompleteAsync(ct)).Size);
            await Assert.ThrowsAsync<ObjectDisposedException>(() => file.CompleteAsync(ct).AsTask());
        });

        Assert.Equal((TaskState.Completed, "report.csv"), (task.State, Assert.Single(task.Files).Name));
        Assert.Equal("a;b\n1;2\n", await ReadAsync(task, "report.csv"));
        Assert.Equal(["start", "file", "usage", "end"], kinds);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_left_of_one_that_fails_half_way(bool disposes)
    {
        var (task, kinds) = await RunAsync(async (context, ct) =>
        {
            var file = context.CreateFile("report.csv", Csv);
            await using var disposed = disposes ? file : null;
            await file.WriteAsync("half"u8.ToArray(), ct);
            throw new AgentException("broken", "It broke.");
        });

        Assert.Equal(("broken", 0), (task.Error!.Code, task.Files.Count));
        Assert.Null(await ReadAsync(task, "report.csv"));
        Assert.Equal(["start", "usage", "error"], kinds);
    }

    [Fact]
    public async Task One_that_fails_leaves_the_file_that_it_was_to_replace()
    {
        var (task, _) = await RunAsync(async (context, ct) =>
        {
            await context.SaveFileAsync("report.csv", Csv, new MemoryStream("first"u8.ToArray()), ct);
            await using var file = context.CreateFile("report.csv", Csv);
            await file.WriteAsync("second"u8.ToArray(), ct);
        });

        Assert.Equal(5, Assert.Single(task.Files).Size);
        Assert.Equal("first", await ReadAsync(task, "report.csv"));
    }

    [Fact]
    public async Task One_that_exceeds_its_limit_fails_the_writer_however_much_it_wants_to_write()
    {
        var (task, _) = await RunAsync(
            async (context, ct) =>
            {
                await using var file = context.CreateFile("report.csv", Csv);
                while (true)
                    await file.WriteAsync(new byte[10_000], ct);
            },
            new FileQuotaOptions { MaxFileBytes = 1_000_000 });

        Assert.Equal(("file_limit", 0), (task.Error!.Code, task.Files.Count));
        Assert.Null(await ReadAsync(task, "report.csv"));
    }

    [Fact]
    public async Task Its_progress_is_published_once_a_second_at_the_most()
    {
        var time = new FakeTimeProvider();
        await using var relay = await StartAsync(
            async (context, ct) =>
            {
                await using var file = context.CreateFile("report.csv", Csv);
                for (var piece = 0; piece < 5; piece++)
                {
                    await file.WriteAsync(new byte[100], ct);
                    time.Advance(TimeSpan.FromMilliseconds(600));
                }

                await file.CompleteAsync(ct);
            },
            time: time);

        var task = await relay.EndAsync(await relay.RunAsync());

        var progress = (await relay.ReadAllAsync(task.Id)).Where(entry => entry.Event.Kind == StreamEventKind.Data).Select(entry => Encoding.UTF8.GetString(entry.Event.Metadata.Span));
        Assert.Equal(
            ["""{"name":"file_progress","data":{"name":"report.csv","bytes":300}}""", """{"name":"file_progress","data":{"name":"report.csv","bytes":500}}"""], progress);
    }

    [Fact]
    public async Task A_failure_of_the_store_reaches_the_writer_and_an_unsafe_name_does_at_once()
    {
        Exception? failure = null;
        var (task, _) = await RunAsync(
            async (context, ct) =>
            {
                Assert.Throws<ArgumentException>(() => context.CreateFile("../report.csv", Csv));
                await using var file = context.CreateFile("report.csv", Csv);
                failure = await Assert.ThrowsAsync<IOException>(async () =>
                {
                    while (true)
                        await file.WriteAsync(new byte[10_000], ct);
                });
            },
            files: new BrokenFiles());

        Assert.Equal((TaskState.Completed, "full"), (task.State, failure?.Message));
    }

    [Fact]
    public async Task One_that_a_writer_has_disposed_states_it_when_it_is_completed()
    {
        var (task, _) = await RunAsync(async (context, ct) =>
        {
            var file = context.CreateFile("report.csv", Csv);
            await using (var text = new StreamWriter(file))
                await text.WriteAsync("a;b");

            var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => file.CompleteAsync(ct).AsTask());
            Assert.Contains("leaveOpen: true", exception.Message);
        });

        Assert.Equal((TaskState.Completed, 0), (task.State, task.Files.Count));
    }

    [Fact]
    public async Task A_write_that_is_cancelled_counts_what_it_has_written()
    {
        var slow = new SlowFiles();
        var (task, _) = await RunAsync(
            async (context, ct) =>
            {
                using var cancelled = new CancellationTokenSource();
                await using var file = context.CreateFile("report.csv", Csv);
                var write = file.WriteAsync(new byte[1_000_000], cancelled.Token);
                await cancelled.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.AsTask());
                Assert.InRange(file.Length, 1, 200_000);

                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => file.CompleteAsync(cancelled.Token).AsTask());
                slow.Continue();
                Assert.Equal(file.Length, (await file.CompleteAsync(ct)).Size);
            },
            files: slow);

        Assert.Equal((TaskState.Completed, 1), (task.State, task.Files.Count));
    }

    [Fact]
    public async Task Files_that_are_written_at_the_same_time_share_the_room_of_the_task()
    {
        var codes = new List<string>();
        var (task, _) = await RunAsync(
            async (context, ct) =>
            {
                AgentFileStream[] files = [.. "abcd".Select(name => context.CreateFile($"{name}.csv", Csv))];
                foreach (var file in files)
                    await file.WriteAsync(new byte[400], ct);

                codes.AddRange(await Task.WhenAll(files.Select(async file =>
                    await Record.ExceptionAsync(() => file.CompleteAsync(ct).AsTask()) is AgentException refused ? refused.Code : "")));
            },
            new FileQuotaOptions { MaxTaskBytes = 1000 });

        Assert.Equal(["", "", "file_limit", "file_limit"], codes.Order());
        Assert.Equal([400, 400], task.Files.Select(file => file.Size));
        foreach (var name in "abcd")
            Assert.Equal(task.Files.Any(file => file.Name == $"{name}.csv"), await ReadAsync(task, $"{name}.csv") is not null);
    }

    [Fact]
    public async Task An_agent_that_goes_on_after_the_end_of_its_task_stores_nothing()
    {
        var (begun, ended, done) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource<Exception?[]>());
        await using var relay = await StartAsync(async (context, _) =>
        {
            var file = context.CreateFile("late.csv", Csv);
            await file.WriteAsync("late"u8.ToArray(), CancellationToken.None);
            begun.SetResult();
            await ended.Task;
            done.SetResult(
            [
                await Record.ExceptionAsync(() => file.CompleteAsync(CancellationToken.None).AsTask()),
                await Record.ExceptionAsync(() => context.SaveFileAsync("later.csv", Csv, new MemoryStream([1]), CancellationToken.None).AsTask()),
            ]);
        });
        var task = await relay.RunAsync();
        await begun.Task.WaitAsync(Relay.Deadline);

        await relay.Host.StopTaskAsync(task.Id, CancellationToken.None);
        ended.SetResult();

        Assert.All(await done.Task.WaitAsync(Relay.Deadline), exception => Assert.IsType<PublishException>(exception));
        Assert.Empty((await _tasks.FindAsync(task.Id, CancellationToken.None))!.Files);
        Assert.Null(await ReadAsync(task, "late.csv"));
        Assert.Null(await ReadAsync(task, "later.csv"));
    }

    [Fact]
    public async Task None_is_begun_after_the_runner_has_returned()
    {
        AgentContext? left = null;
        await RunAsync((context, _) =>
        {
            left = context;
            return Task.CompletedTask;
        });

        Assert.Throws<InvalidOperationException>(() => left!.CreateFile("report.csv", Csv));
    }

    private async Task<(TaskRecord Task, IEnumerable<string> Kinds)> RunAsync(
        Func<AgentContext, CancellationToken, Task> agent, FileQuotaOptions? quota = null, IFileStore? files = null)
    {
        await using var relay = await StartAsync(agent, quota, files);
        var task = await relay.EndAsync(await relay.RunAsync());
        return (task, (await relay.ReadAllAsync(task.Id)).Select(entry => entry.Event.Kind.ToName()));
    }

    private Task<Relay> StartAsync(Func<AgentContext, CancellationToken, Task> agent, FileQuotaOptions? quota = null, IFileStore? files = null, TimeProvider? time = null) => Relay.StartAsync(
        agent, time: time, tasks: _tasks, files: files ?? _files, quotas: new(Files: new(Options.Create(quota ?? new()), _tasks, TimeProvider.System)));

    private async Task<string?> ReadAsync(TaskRecord task, string name)
    {
        await using var content = await _files.OpenAsync(task.Id, name, CancellationToken.None);
        return content is null ? null : await new StreamReader(content).ReadToEndAsync();
    }

    /// <summary>Reads nothing until <see cref="Continue"/>.</summary>
    private sealed class SlowFiles : IFileStore
    {
        private readonly TaskCompletionSource _continue = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly MemoryFileStore _files = new(TimeProvider.System);

        public void Continue() => _continue.SetResult();

        public async ValueTask<StoredFile> SaveAsync(TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken)
        {
            await _continue.Task;
            return await _files.SaveAsync(task, name, mediaType, content, cancellationToken);
        }

        public ValueTask<Stream?> OpenAsync(TaskId task, string name, CancellationToken cancellationToken) => _files.OpenAsync(task, name, cancellationToken);

        public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken) => _files.DeleteAsync(task, cancellationToken);
    }

    private sealed class BrokenFiles : IFileStore
    {
        public async ValueTask<StoredFile> SaveAsync(TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken)
        {
            await content.ReadAtLeastAsync(new byte[100], 100, cancellationToken: cancellationToken);
            throw new IOException("full");
        }

        public ValueTask<Stream?> OpenAsync(TaskId task, string name, CancellationToken cancellationToken) => default;

        public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken) => default;
    }
}
