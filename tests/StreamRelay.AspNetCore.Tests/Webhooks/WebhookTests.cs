using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Webhooks;

public class WebhookTests
{
    [Theory]
    [InlineData("hello", "completed")]
    [InlineData("fail", "failed")]
    [InlineData("wait", "stopped")]
    public async Task Each_ending_is_announced_with_the_task_as_a_list_of_the_API_shows_it(string input, string ending)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var app = await WebhookApp.StartAsync(receiver.Url);
        using var client = new HttpClient { BaseAddress = app.Address };

        var task = await app.StartTaskAsync(input, owner: "local");
        if (input == "wait")
            await app.Host.StopTaskAsync(task.Id, CancellationToken.None);
        var received = await receiver.NextAsync();

        var list = await client.GetFromJsonAsync<JsonElement>("/v1/tasks");
        var shown = Assert.Single(list.GetProperty("data").EnumerateArray());
        Assert.Equal("task." + ending, received.Type);
        Assert.Equal(["id", "type", "timestamp", "data"], received.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(received.Id, received.Json.GetProperty("id").GetString());
        Assert.Equal(shown.GetProperty("ended_at").GetString(), received.Json.GetProperty("timestamp").GetString());
        Assert.Equal(shown.GetRawText(), received.Json.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task A_receiver_of_an_announcement_finds_the_task_ended()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        WebhookApp? app = null;
        string? seen = null;
        receiver.Answer = async _ =>
        {
            using var client = new HttpClient { BaseAddress = app!.Address };
            seen = await client.GetStringAsync($"/v1/tasks/{receiver.All.First().Task}");
        };
        app = await WebhookApp.StartAsync(receiver.Url);
        await using var running = app;

        await app.RunAsync(owner: "local");
        await app.Log.WhenAsync("was delivered");

        Assert.Equal("completed", JsonElement.Parse(seen!).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_task_ends_even_if_its_message_cannot_be_created()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var app = await WebhookApp.StartAsync(receiver.Url);
        var broken = new TaskRequest { Id = TaskId.New(app.Time), Agent = "agent", Owner = "ada", CreatedAt = app.Time.GetUtcNow(), Metadata = """{"a":"\ud800"}"""u8.ToArray() };

        await app.Host.StartTaskAsync(broken, Relay.Text("hello"), CancellationToken.None);
        await app.Host.WaitAsync(broken.Id, CancellationToken.None).WaitAsync(Relay.Deadline);
        await app.Log.WhenAsync("could not be created");

        Assert.Equal(0, app.Log.Count("could not be brought to an end"));
    }

    [Theory]
    [InlineData(WebhookApp.Secret, null)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public async Task A_message_is_signed_as_the_specification_says(string secret, string? base64)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var app = await WebhookApp.StartAsync(receiver.Url, ("Endpoints:0:Secret", secret));

        var task = await app.RunAsync();
        var received = await receiver.NextAsync();

        Assert.True(received.IsSignedWith(base64 is null ? Encoding.UTF8.GetBytes(secret) : Convert.FromBase64String(base64)));
        Assert.False(received.IsSignedWith(Encoding.UTF8.GetBytes("a secret of another")));
        Assert.StartsWith($"msg_{task}_", received.Id, StringComparison.Ordinal);
        Assert.Equal(app.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), received.Headers["webhook-timestamp"]);
        Assert.Equal("application/json", received.Headers["Content-Type"]);
        Assert.StartsWith("StreamRelay/", received.Headers["User-Agent"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Endpoints:0:Owner", "bob", "ada", "agent")]
    [InlineData("Endpoints:0:Agents:0", "other", "bob", "agent")]
    public async Task A_receiver_gets_only_the_events_it_subscribed_to(string setting, string value, string owner, string agent)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var app = await WebhookApp.StartAsync(receiver.Url, (setting, value));

        await app.RunAsync(owner: owner, agent: agent);
        Assert.Empty(app.Pending);
        var wanted = await app.RunAsync(owner: "bob", agent: "other");
        await app.Log.WhenAsync("was delivered");

        Assert.Equal(wanted, Assert.Single(receiver.All).Task);
    }

    [Fact]
    public async Task Every_receiver_has_messages_of_its_own()
    {
        await using var first = await WebhookReceiver.StartAsync();
        await using var second = await WebhookReceiver.StartAsync();
        await using var app = await WebhookApp.StartAsync(first.Url, WebhookApp.Endpoint(1, second.Url));

        var task = await app.RunAsync();
        var (one, other) = (await first.NextAsync(), await second.NextAsync());

        Assert.Equal((task, task), (one.Task, other.Task));
        Assert.NotEqual(one.Id, other.Id);
    }

    [Fact]
    public async Task A_message_is_delivered_after_its_task_was_deleted()
    {
        var port = Loopback.FreePort();
        await using var app = await WebhookApp.StartAsync($"http://127.0.0.1:{port}/");
        using var client = new HttpClient { BaseAddress = app.Address };

        var task = await app.RunAsync(owner: "local");
        await app.Log.WhenAsync("failed in attempt 1");
        (await client.DeleteAsync($"/v1/tasks/{task}")).EnsureSuccessStatusCode();
        await using var receiver = await WebhookReceiver.StartAsync(port);
        app.Time.Advance(await app.Time.WhenArmedAsync(3.75, 5.001));

        Assert.Equal(task, (await receiver.NextAsync()).Task);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task An_address_that_is_not_public_gets_no_request(string host)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var app = await WebhookApp.StartAsync($"http://{host}:{receiver.Port}/", ("AllowPrivate", "false"));

        await app.RunAsync();
        await app.Log.WhenAsync("has no public address, and StreamRelay:Webhooks:AllowPrivate is off");
        await app.Log.WhenAsync("failed in attempt 1");

        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task The_log_holds_no_secret_no_body_and_no_path()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context => WebhookReceiver.Status(context, 500);
        await using var app = await WebhookApp.StartAsync(receiver.Url, ("MaxAttempts", "1"));

        await app.RunAsync();
        await app.Log.WhenAsync("was given up");

        Assert.Equal(1, app.Log.Count($"Warning: Webhook {receiver.All.First().Id} to http://127.0.0.1:{receiver.Port} was given up after 1 attempts: status 500"));
        Assert.All([WebhookApp.Secret, "url-token-5f1c", "the result"], hidden => Assert.Equal(0, app.Log.Count(hidden)));
    }
}
