using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StreamRelay.Outbox;
using StreamRelay.Storage;
using StreamRelay.TestSupport;

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
            name = Assert.Single(before.Pending);
        }

        await using var receiver = await WebhookReceiver.StartAsync(port);
        receiver.Answer = context => WebhookReceiver.Status(context, receiver.All.Count == 1 ? 500 : 200);
        await using var app = await StartAsync(url);
        await AdvanceUntilAsync(() => receiver.All.Count > 0);
        var received = await receiver.NextAsync();
        await app.Log.WhenAsync("failed in attempt 2: status 500");
        await AdvanceUntilAsync(() => receiver.All.Count == 2);
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

    [Fact]
    public async Task A_crash_between_the_end_event_and_the_record_neither_loses_nor_repeats_a_message()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var stuck = new StuckOutbox();
        string task;
        await using (var before = await WebhookApp.StartAsync(_folder, _time, stuck.Add, WebhookApp.One(receiver.Url)))
        {
            task = (await before.StartTaskAsync()).Id.ToString();
            await stuck.Reached.WaitAsync(TestSupport.Relay.Deadline);
            Assert.Empty(before.Pending);
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
        await app.Log.WhenAsync("Removed 1 webhooks");

        Assert.Empty(app.Pending);
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => Wait.UntilAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(condition());
        },
        TestSupport.Relay.Deadline,
        "the message is sent");

    private Task<WebhookApp> StartAsync(string url) => WebhookApp.StartAsync(_folder, _time, null, WebhookApp.One(url));

    /// <summary>An outbox that drops the end of a task, as if the process had been killed just before.</summary>
    private sealed class StuckOutbox
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Add(IServiceCollection services)
        {
            services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(1));
            services.AddSingleton<IOutbox>(provider => OutboxProxy.Create(provider.GetRequiredService<EmbeddedStore>().Outbox, async () =>
            {
                _reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }));
        }
    }
}
