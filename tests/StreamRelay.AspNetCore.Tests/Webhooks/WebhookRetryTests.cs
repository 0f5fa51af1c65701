using Microsoft.AspNetCore.Http;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Webhooks;

public class WebhookRetryTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(429)]
    public async Task A_rejected_message_is_sent_again_after_growing_delays(int status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context => WebhookReceiver.Status(context, status);
        await using var app = await WebhookApp.StartAsync(receiver.Url, ("Timeout", "00:00:03"));
        var begin = app.Time.GetUtcNow();

        await app.RunAsync();
        var first = await receiver.NextAsync();
        app.Time.Advance(await app.Time.WhenArmedAsync(3.75, 5.001));
        var second = await receiver.NextAsync();
        var gap = await app.Time.WhenArmedAsync(7.5, 10.001);
        app.Time.Advance(gap - TimeSpan.FromMilliseconds(2));
        Assert.Equal(2, receiver.All.Count);
        receiver.Answer = context => WebhookReceiver.Status(context, 200);
        app.Time.Advance(TimeSpan.FromMilliseconds(2));
        var third = await receiver.NextAsync();
        await app.Log.WhenAsync("was delivered");

        Assert.Equal((first.Id, first.Id), (second.Id, third.Id));
        Assert.Equal(first.Body, third.Body);
        Assert.All([first, second, third], message => Assert.True(message.IsSignedWith(System.Text.Encoding.UTF8.GetBytes(WebhookApp.Secret))));
        Assert.Equal(begin.ToUnixTimeSeconds(), long.Parse(first.Headers["webhook-timestamp"], null));
        Assert.InRange(long.Parse(third.Headers["webhook-timestamp"], null) - begin.ToUnixTimeSeconds(), 11, 15);
        Assert.Empty(app.Pending);
    }

    [Fact]
    public async Task A_waiting_message_is_not_sent_early_when_another_message_arrives()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context => WebhookReceiver.Status(context, receiver.All.Count == 1 ? 500 : 200);
        await using var app = await WebhookApp.StartAsync(receiver.Url);

        var waiting = await app.RunAsync();
        await app.Log.WhenAsync("failed in attempt 1");
        var taken = await app.RunAsync();
        await app.Log.WhenAsync("was delivered");

        Assert.Equal([waiting, taken], receiver.All.Select(message => message.Task));
    }

    [Fact]
    public async Task A_receiver_that_is_unavailable_gets_the_message_once_it_is_available()
    {
        var port = Loopback.FreePort();
        await using var app = await WebhookApp.StartAsync($"http://127.0.0.1:{port}/");

        var task = await app.RunAsync();
        await app.Log.WhenAsync("failed in attempt 1: Connection refused");
        await using var receiver = await WebhookReceiver.StartAsync(port);
        app.Time.Advance(await app.Time.WhenArmedAsync(3.75, 5.001));

        Assert.Equal(task, (await receiver.NextAsync()).Task);
    }

    [Fact]
    public async Task A_request_that_times_out_is_sent_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var patience = new TaskCompletionSource();
        receiver.Answer = context => receiver.All.Count == 1 ? patience.Task : Task.CompletedTask;
        await using var app = await WebhookApp.StartAsync(receiver.Url, ("Timeout", "00:00:17"));

        await app.RunAsync();
        await receiver.NextAsync();
        app.Time.Advance(TimeSpan.FromSeconds(17));
        await app.Log.WhenAsync("failed in attempt 1: no response within 00:00:17");
        app.Time.Advance(await app.Time.WhenArmedAsync(3.75, 5.001));
        await receiver.NextAsync();
        await app.Log.WhenAsync("was delivered");
        patience.SetResult();

        Assert.Equal(2, receiver.All.Count);
    }

    [Fact]
    public async Task A_receiver_that_answers_410_gets_no_more_messages()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context => WebhookReceiver.Status(context, 410);
        await using var app = await WebhookApp.StartAsync(receiver.Url);

        await app.RunAsync();
        await app.Log.WhenAsync("with status 410 and is not sent again");

        Assert.Empty(app.Pending);
        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task A_message_is_dropped_after_its_last_attempt()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context => WebhookReceiver.Status(context, 503);
        await using var app = await WebhookApp.StartAsync(receiver.Url, ("MaxAttempts", "3"), ("Timeout", "00:00:03"));

        await app.RunAsync();
        app.Time.Advance(await app.Time.WhenArmedAsync(3.75, 5.001));
        app.Time.Advance(await app.Time.WhenArmedAsync(7.5, 10.001));
        await app.Log.WhenAsync("was given up after 3 attempts: status 503");

        Assert.Empty(app.Pending);
        Assert.Equal(3, receiver.All.Count);
        Assert.Equal(2, app.Log.Count("Warning: Webhook"));
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_not_followed()
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.Redirect(elsewhere.Url, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        await using var app = await WebhookApp.StartAsync(receiver.Url);

        await app.RunAsync();
        await app.Log.WhenAsync("failed in attempt 1: status 307");

        Assert.Empty(elsewhere.All);
        Assert.Single(app.Pending);
    }

    [Fact]
    public async Task A_receiver_that_hangs_blocks_no_other_and_has_at_most_eight_open_requests()
    {
        await using var slow = await WebhookReceiver.StartAsync();
        await using var quick = await WebhookReceiver.StartAsync();
        var patience = new TaskCompletionSource();
        slow.Answer = _ => patience.Task;
        await using var app = await WebhookApp.StartAsync(slow.Url, WebhookApp.Endpoint(1, quick.Url));

        for (var task = 0; task < 20; task++)
            await app.RunAsync();
        await app.Log.WhenAsync($"was delivered to http://127.0.0.1:{quick.Port}", 20);
        for (var arrived = 0; arrived < 8; arrived++)
            await slow.NextAsync();
        Assert.Equal(8, slow.All.Count);
        patience.SetResult();
        await app.Log.WhenAsync($"was delivered to http://127.0.0.1:{slow.Port}", 20);

        Assert.Equal(20, slow.All.Select(message => message.Task).Distinct().Count());
        Assert.Equal((20, 20), (slow.All.Count, quick.All.Count));
        Assert.Empty(app.Pending);
    }
}
