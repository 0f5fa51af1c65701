using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StreamRelay.Storage;
using StreamRelay.Tasks;
using StreamRelay.Testing;

namespace StreamRelay.AspNetCore.Webhooks;

public class WebhookRestartTests
{
    private readonly string _folder = WebhookApp.NewFolder();
    private readonly ObservedTime _time = new();

    [Fact]
    public async Task A_waiting_message_survives_a_restart_with_its_id_and_its_attempts()
    {
        var port = Loopback.FreePort();
        var url = $"http://127.0.0.1:{port}/hook";
        string task, name;
        await using (var before = await StartAsync(url))
        {
            task = await before.RunAsync();
            await before.Log.WhenAsync("failed in attempt 1");
            name = Path.GetFileName(Path.GetDirectoryName(Assert.Single(before.Pending)))!;
        }

        await using var receiver = await WebhookReceiver.StartAsync(port);
        receiver.Answer = context => WebhookReceiver.Status(context, receiver.All.Count == 1 ? 500 : 200);
        await using var app = await StartAsync(url);
        app.Time.Advance(TimeSpan.FromSeconds(6));
        var received = await receiver.NextAsync();
        await app.Log.WhenAsync("failed in attempt 2: status 500");
        app.Time.Advance(TimeSpan.FromSeconds(11));
        await app.Log.WhenAsync("was delivered");

        Assert.Equal($"msg_{task}_{name}", received.Id);
        Assert.Equal([received.Id, received.Id], receiver.All.Select(message => message.Id));
        Assert.Empty(app.Pending);
    }

    [Fact]
    public async Task A_message_that_was_delivered_is_not_sent_again_after_a_restart()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using (var before = await StartAsync(receiver.Url))
        {
            await before.RunAsync();
            await before.Log.WhenAsync("was delivered");
        }

        await using var app = await StartAsync(receiver.Url);
        var second = await app.RunAsync();
        await app.Log.WhenAsync("was delivered");

        Assert.Equal(2, receiver.All.Count);
        Assert.Equal(second, receiver.All.Last().Task);
    }

    [Fact]
    public async Task A_task_that_is_ended_by_a_restart_is_announced()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        string task;
        await using (var before = await StartAsync(receiver.Url))
            task = (await before.StartTaskAsync("wait")).Id.ToString();

        await using var app = await StartAsync(receiver.Url);
        var received = await receiver.NextAsync();
        await app.Log.WhenAsync("was delivered");

        Assert.Equal(("task.failed", task), (received.Type, received.Task));
        Assert.Equal("interrupted", received.Json.GetProperty("data").GetProperty("error").GetProperty("code").GetString());
        Assert.Single(receiver.All);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_crash_between_the_end_event_and_the_record_neither_loses_nor_repeats_a_message(bool messageWasKept)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var stuck = new StuckTaskStore();
        string task;
        await using (var before = await WebhookApp.StartAsync(_folder, _time, stuck.Add, messageWasKept ? WebhookApp.One(receiver.Url) : []))
        {
            task = (await before.StartTaskAsync()).Id.ToString();
            await stuck.Reached.WaitAsync(Testing.Relay.Deadline);
            Assert.Equal(messageWasKept ? 1 : 0, before.Pending.Count);
            Assert.Empty(receiver.All);
        }

        await using var app = await StartAsync(receiver.Url);
        await app.Log.WhenAsync("was delivered");

        Assert.Equal(("task.completed", task), (Assert.Single(receiver.All).Type, receiver.All.First().Task));
        Assert.Empty(app.Pending);
    }

    [Fact]
    public async Task Messages_for_a_removed_endpoint_are_dropped()
    {
        await using (var before = await StartAsync($"http://127.0.0.1:{Loopback.FreePort()}/"))
        {
            await before.RunAsync();
            await before.Log.WhenAsync("failed in attempt 1");
        }

        await using var app = await WebhookApp.StartAsync(_folder, _time, null);

        Assert.Equal(1, app.Log.Count("Removed 1 webhooks"));
        Assert.Empty(app.Pending);
    }

    private Task<WebhookApp> StartAsync(string url) => WebhookApp.StartAsync(_folder, _time, null, WebhookApp.One(url));

    /// <summary>A store that drops the update that ends a task, as if the process had been killed just before.</summary>
    private sealed class StuckTaskStore
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Add(IServiceCollection services)
        {
            services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(1));
            services.AddSingleton<ITaskStore>(provider => new Store(provider.GetRequiredService<EmbeddedStore>().Tasks, _reached));
        }

        private sealed class Store(ITaskStore inner, TaskCompletionSource reached) : ITaskStore
        {
            public ValueTask<TaskRecord?> AddAsync(TaskRecord record, TaskInput input, CancellationToken cancellationToken) => inner.AddAsync(record, input, cancellationToken);

            public ValueTask<TaskRecord?> FindAsync(TaskId id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

            public ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken) => inner.FindByKeyAsync(owner, idempotencyKey, cancellationToken);

            public ValueTask<TaskInput?> GetInputAsync(TaskId id, CancellationToken cancellationToken) => inner.GetInputAsync(id, cancellationToken);

            public ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

            public ValueTask<bool> DeleteAsync(TaskId id, CancellationToken cancellationToken) => inner.DeleteAsync(id, cancellationToken);

            public async ValueTask<bool> TryUpdateAsync(TaskRecord record, CancellationToken cancellationToken)
            {
                if (record.IsEnded)
                {
                    reached.TrySetResult();
                    await Task.Delay(Timeout.Infinite, CancellationToken.None);
                }

                return await inner.TryUpdateAsync(record, cancellationToken);
            }
        }
    }
}
