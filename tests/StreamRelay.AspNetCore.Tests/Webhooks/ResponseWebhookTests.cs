using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>The ends of responses, as OpenAI reports them.</summary>
public class ResponseWebhookTests
{
    private static readonly (string, string) Responses = ("Endpoints:0:Format", "Responses");

    [Theory]
    [InlineData("hello", "response.completed", "completed")]
    [InlineData("long", "response.incomplete", "incomplete")]
    [InlineData("fail", "response.failed", "failed")]
    [InlineData("wait", "response.cancelled", "cancelled")]
    public async Task Each_ending_of_a_response_is_announced_with_its_id(string input, string type, string status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var app = await WebhookApp.StartAsync(receiver.Url, Responses);
        using var client = new HttpClient { BaseAddress = app.Address };

        var id = await StartAsync(client, input);
        if (input == "wait")
            (await client.PostAsync($"/v1/responses/{id}/cancel", null)).EnsureSuccessStatusCode();
        var received = await receiver.NextAsync();

        Assert.True(received.IsSignedWith(Encoding.UTF8.GetBytes(WebhookApp.Secret)));
        Assert.Equal((type, id), (received.Type, received.Task));
        Assert.Equal(["id", "type", "created_at", "data", "object"], received.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal($"evt_{id["resp_".Length..]}", received.Json.GetProperty("id").GetString());
        Assert.Equal("event", received.Json.GetProperty("object").GetString());
        Assert.Equal(app.Time.GetUtcNow().ToUnixTimeSeconds(), received.Json.GetProperty("created_at").GetInt64());
        Assert.Equal(status, (await client.GetFromJsonAsync<JsonElement>($"/v1/responses/{id}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_task_that_is_no_response_is_not_announced_as_one()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var app = await WebhookApp.StartAsync(receiver.Url, Responses);
        using var client = new HttpClient { BaseAddress = app.Address };

        await app.RunAsync(owner: "local");
        Assert.Empty(app.Pending);
        var id = await StartAsync(client, "hello");

        Assert.Equal(id, (await receiver.NextAsync()).Task);
        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task One_receiver_may_be_told_in_both_formats()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var app = await WebhookApp.StartAsync(receiver.Url, [.. WebhookApp.Endpoint(1, receiver.Url), ("Endpoints:1:Format", "Responses")]);
        using var client = new HttpClient { BaseAddress = app.Address };

        await StartAsync(client, "hello");
        ReceivedWebhook[] received = [await receiver.NextAsync(), await receiver.NextAsync()];

        Assert.Equal(["response.completed", "task.completed"], received.Select(webhook => webhook.Type).Order());
        Assert.NotEqual(received[0].Id, received[1].Id);
    }

    private static async Task<string> StartAsync(HttpClient client, string input)
    {
        using var started = await client.PostAsJsonAsync("/v1/responses", new { model = "agent", input, background = true });
        return (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }
}
