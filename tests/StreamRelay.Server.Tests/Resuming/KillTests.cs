using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Resuming;

/// <summary>A server that is killed repeatedly under load, on the same folder. On the stores of a cluster it is killed less often: a fault matrix of its own covers them.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Every_frame_that_a_reader_got_is_served_again_after_a_kill_and_no_task_is_stuck()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        Dictionary<string, string> seenBefore = [];
        foreach (var seed in Seeds.Take(SharedStores.AreUsual ? 3 : 6))
        {
            await using var server = await ServerProcess.StartAsync(folder, "--StreamRelay:Tutorial:OfflinePause=00:00:00.001", "--StreamRelay:Storage:SegmentBytes=262144");
            await CheckAsync(server.Client, seenBefore);
            seenBefore = await LoadAndKillAsync(server, new Random(seed));
        }

        await using (var last = await ServerProcess.StartAsync(folder))
            await CheckAsync(last.Client, seenBefore);

        Assert.Empty(Directory.EnumerateFiles(folder, "*tmp*", SearchOption.AllDirectories));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Dictionary<string, string>> LoadAndKillAsync(ServerProcess server, Random random)
    {
        var seen = new ConcurrentDictionary<string, StringBuilder>();
        var enough = new TaskCompletionSource();
        var target = random.Next(1_000, 200_000);
        long bytes = 0;
        var readers = Enumerable.Range(0, 12).Select(index => ReadAsync(server.Client, index, seen, read =>
        {
            if (Interlocked.Add(ref bytes, read) >= target)
                enough.TrySetResult();
        })).ToArray();
        await Task.WhenAny(enough.Task, Task.WhenAll(readers)).WaitAsync(TimeSpan.FromSeconds(60));
        await server.KillAsync();
        await Task.WhenAll(readers);
        return seen.ToDictionary(pair => pair.Key, pair => WholeFrames(pair.Value.ToString()));
    }

    private static async Task ReadAsync(HttpClient client, int index, ConcurrentDictionary<string, StringBuilder> seen, Action<int> read)
    {
        try
        {
            using var started = await client.PostAsJsonAsync("/v1/tasks", index % 4 == 0
                ? new { agent = "write_tutorial", input = $"topic {index}" }
                : new { agent = "probe", input = $"count 100000 {index % 2}" });
            var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            var text = seen[id] = new();
            using var stream = await client.GetStreamAsync($"/v1/tasks/{id}/events");
            var buffer = new byte[16 << 10];
            while (await stream.ReadAsync(buffer) is var count and > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
                read(count);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            // The server was killed while the stream was read.
        }
    }

    private static async Task CheckAsync(HttpClient client, Dictionary<string, string> seen)
    {
        // Queued tasks run now, and tutorials continue. Other tasks that ran before the kill are ended, except in a cluster, where other nodes first wait for the lease.
        foreach (var task in (await client.GetFromJsonAsync<JsonElement>("/v1/tasks?limit=1000")).GetProperty("data").EnumerateArray())
        {
            if (task.GetProperty("status").GetString() is not ("running" or "queued"))
                continue;

            var id = task.GetProperty("id").GetString()!;
            Assert.True(SharedStores.AreUsual || task.GetProperty("agent").GetString() == "write_tutorial" || !seen.TryGetValue(id, out var text) || SseText.Frames(text).Count <= 1);
            using var stopped = await client.PostAsync($"/v1/tasks/{id}/stop", null);
            stopped.EnsureSuccessStatusCode();
        }

        foreach (var (id, before) in seen)
        {
            var now = await client.GetStringAsync($"/v1/tasks/{id}/events");
            var same = before.AsSpan().CommonPrefixLength(now);
            Assert.True(same == before.Length, $"Seen before, from {same} on: {Around(before, same)}\nNow: {Around(now, same)}");
            Assert.Contains("\"connection_end\"", SseText.Frames(now)[^1]);
            await CheckFilesAsync(client, id);
        }
    }

    private static async Task CheckFilesAsync(HttpClient client, string id)
    {
        var task = await client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{id}");
        foreach (var file in task.GetProperty("files").EnumerateArray())
            Assert.Equal(file.GetProperty("size").GetInt64(), (await client.GetByteArrayAsync(file.GetProperty("url").GetString())).LongLength);
    }

    private static string Around(string text, int position) => text[Math.Max(0, position - 200)..Math.Min(text.Length, position + 200)];

    // These runs write ASCII only, so a disconnect never falls inside a character.
    private static string WholeFrames(string text) => text[..(text.LastIndexOf("\n\n", StringComparison.Ordinal) is var end && end < 0 ? 0 : end + 2)];
}
