using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Resuming;

/// <summary>A tutorial that a kill -9 interrupts continues after the restart.</summary>
public sealed class ResumeTests
{
    [Theory]
    [InlineData("about it")]
    [InlineData("\"step_end\"")]
    [InlineData("\"chapter-2\"")]
    public async Task A_killed_tutorial_is_finished_without_repeated_model_requests_and_its_reader_has_one_stream_without_gaps(string when)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        await using var model = await ModelServer.StartAsync("paced");
        string[] settings = [$"--StreamRelay:Model:BaseUrl={model.Address}v1"];
        string id, seen;
        await using (var server = await ServerProcess.StartAsync(folder, settings))
        {
            using var started = await server.Client.PostAsJsonAsync("/v1/tasks", new { agent = "write_tutorial", input = "MySQL" });
            id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            seen = await ReadUntilAsync(server.Client, id, when);
            await server.KillAsync();
        }

        await using (var server = await ServerProcess.StartAsync(folder, settings))
        {
            var frames = SseText.Frames(seen);
            var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tasks/{id}/events");
            request.Headers.Add("Last-Event-ID", SseText.Id(frames[^1]));
            using var rest = await server.Client.SendAsync(request);
            frames.AddRange(SseText.Frames(await rest.Content.ReadAsStringAsync()));
            var events = frames.Select(frame => JsonElement.Parse(SseText.Data(frame))).Where(json => json.TryGetProperty("sequence", out _)).ToList();
            Assert.Equal(Enumerable.Range(1, events.Count), events.Select(json => json.GetProperty("sequence").GetInt32()));
            Assert.Equal("end", events[^1].GetProperty("event_type").GetString());
            var output = string.Concat(events.Where(json => json.GetProperty("event_type").GetString() == "output").Select(json => json.GetProperty("content").GetString()));
            var file = Assert.Single(events, json => json.GetProperty("event_type").GetString() == "file");
            Assert.Equal(output, Encoding.UTF8.GetString(await server.Client.GetByteArrayAsync(file.GetProperty("url").GetString())));
            foreach (var chapter in (string[])["Tables", "Queries"])
                Assert.Single(events, json => json.GetProperty("event_type").GetString() == "step_end" && json.GetProperty("content").GetString()!.StartsWith(chapter, StringComparison.Ordinal));

            Assert.Equal(2, (await server.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{id}")).GetProperty("attempt").GetInt32());

            // Only a model request without any output in the log may be repeated.
            var asked = await model.AskedAsync(server.Client);
            Assert.Single(asked, text => text.StartsWith("Plan a tutorial", StringComparison.Ordinal));
            foreach (var chapter in (string[])["Tables", "Queries"])
                Assert.InRange(asked.Count(text => text.Contains($"Write the chapter: {chapter}")), 1, IsBegun(seen, chapter) ? 1 : 2);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static bool IsBegun(string seen, string chapter) =>
        seen.IndexOf($"## {chapter}", StringComparison.Ordinal) is >= 0 and var heading && seen.IndexOf("\"output\"", heading, StringComparison.Ordinal) >= 0;

    private static async Task<string> ReadUntilAsync(HttpClient client, string id, string text)
    {
        using var stream = await client.GetStreamAsync($"/v1/tasks/{id}/events");
        using var reader = new StreamReader(stream);
        var seen = new StringBuilder();
        var isThere = false;
        while (await reader.ReadLineAsync().WaitAsync(Relay.Deadline) is { } line)
        {
            seen.Append(line).Append('\n');
            isThere |= line.Contains(text, StringComparison.Ordinal);
            if (isThere && line.Length == 0)
                break;
        }

        return seen.ToString();
    }
}
