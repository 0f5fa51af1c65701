using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Resuming;

/// <summary>Readers of a task whose log was damaged on the disk.</summary>
public sealed class DamageTests : IDisposable
{
    // Also where the other tests use shared stores.
    private static readonly Dictionary<string, string?> Embedded = new() { ["ConnectionStrings:Redis"] = "", ["ConnectionStrings:Postgres"] = "" };

    private readonly string _folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_finished_task_is_read_up_to_the_damage_and_then_refused()
    {
        string damaged, whole;
        using (var app = new RelayApp(Embedded, _folder))
        {
            damaged = await CountAsync(app, "count 9 0");
            whole = await CountAsync(app, "count 5 0");
        }

        Flip("t7 ");
        using var again = new RelayApp(Embedded, _folder);
        var record = await again.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{damaged}");
        var after = record.GetProperty("damaged_after").GetInt64();
        Assert.Equal("completed", record.GetProperty("status").GetString());
        Assert.InRange(after, 1, record.GetProperty("last_sequence").GetInt64() - 1);

        await AssertDamagedAsync(again, $"/v1/tasks/{damaged}/events?after={after}", after);
        await AssertDamagedAsync(again, $"/v1/tasks/{damaged}/events?after={after}&protocol=aisdk", after);
        using var page = new HttpRequestMessage(HttpMethod.Get, $"/v1/tasks/{damaged}/events?after={after}") { Headers = { { "Accept", "application/json" } } };
        using var refused = await again.Client.SendAsync(page);
        Assert.Equal(HttpStatusCode.Gone, refused.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => again.Client.GetStringAsync($"/v1/tasks/{damaged}/events"));
        Assert.Contains("connection_end", await again.Client.GetStringAsync($"/v1/tasks/{whole}/events"));
    }

    [Fact]
    public async Task A_conversation_does_not_go_on_from_a_damaged_answer()
    {
        using (var app = new RelayApp(Embedded, _folder))
            await CountAsync(app, "count 9 0", session: "s");

        Flip("t7 ");
        using var again = new RelayApp(Embedded, _folder);
        using var answer = await again.Client.PostAsJsonAsync("/v1/tasks", new { agent = "probe", input = "count 1 0", session_id = "s" });
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Equal("log_damaged", await CodeAsync(answer));
    }

    [Fact]
    public async Task A_running_task_whose_log_is_damaged_ends_with_that_reason()
    {
        string id;
        await using (var server = await ServerProcess.StartAsync(_folder, [.. Embedded.Select(setting => $"--{setting.Key}={setting.Value}")]))
        {
            using var started = await server.Client.PostAsJsonAsync("/v1/tasks", new { agent = "probe", input = "count 100000 5" });
            id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            await Wait.UntilAsync(async () => (await server.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{id}")).GetProperty("last_sequence").GetInt64() > 20,
                TimeSpan.FromSeconds(30), "events are stored");
            await server.KillAsync();
        }

        Flip("t7 ");
        await using var again = await ServerProcess.StartAsync(_folder, [.. Embedded.Select(setting => $"--{setting.Key}={setting.Value}")]);
        using var ended = await again.Client.GetAsync($"/v1/tasks/{id}?wait=30");
        var record = await ended.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("failed", record.GetProperty("status").GetString());
        Assert.Equal("log_damaged", record.GetProperty("error").GetProperty("code").GetString());
        using var events = await again.Client.GetAsync($"/v1/tasks/{id}/events?after={record.GetProperty("damaged_after").GetInt64()}");
        Assert.Equal(HttpStatusCode.Gone, events.StatusCode);
    }

    private static async Task<string> CountAsync(RelayApp app, string input, string? session = null)
    {
        using var started = await app.Client.PostAsJsonAsync("/v1/tasks", new { agent = "probe", input, session_id = session });
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        using var ended = await app.Client.GetAsync($"/v1/tasks/{id}?wait=30");
        Assert.Equal("completed", (await ended.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
        return id;
    }

    private static async Task AssertDamagedAsync(RelayApp app, string path, long after)
    {
        using var answer = await app.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Equal("log_damaged", await CodeAsync(answer));
        Assert.Contains($"after event {after}.", await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString();

    /// <summary>Flips a bit in the first record of the journal that contains a text.</summary>
    private void Flip(string text)
    {
        foreach (var path in Directory.GetFiles(Path.Combine(_folder, "journal"), "*.log"))
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) is not (>= 0 and var position))
                continue;

            bytes[position] ^= 1;
            File.WriteAllBytes(path, bytes);
            return;
        }

        Assert.Fail($"'{text}' is not in the journal.");
    }
}
