using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.Server.Protocols;

/// <summary>Several tasks over one connection, and a stream that begins with a snapshot.</summary>
public sealed class MultiplexTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly RelayApp _app = fixture.App;

    [Fact]
    public async Task Each_task_of_a_multiplexed_stream_has_its_own_frames_and_a_disconnect_after_any_frame_neither_loses_nor_repeats_one()
    {
        string[] ids = [await _app.StartAsync("count 30 1"), await _app.StartAsync("tool 10 1"), await _app.StartAsync("fail 5 2")];
        var url = $"/v1/events?{string.Join('&', ids.Select(id => $"task={id}"))}";
        var whole = SseText.Frames(await _app.Client.GetStringAsync(url));
        await AssertSameAsync(ids, whole);
        for (var cut = 1; cut < whole.Count; cut++)
        {
            var rest = SseText.Frames(await ReadAsync(url, SseText.Id(whole[cut - 1])));
            Assert.Equal(whole.Count - cut, rest.Count);
            await AssertSameAsync(ids, [.. whole.Take(cut), .. rest]);
        }

        using var done = await SendAsync(url, SseText.Id(whole[^1]));
        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
    }

    [Fact]
    public async Task A_position_in_the_query_is_where_each_task_begins_and_the_header_wins()
    {
        string[] ids = [await _app.StartAsync("count 3 0"), await _app.StartAsync("count 3 0")];
        await Task.WhenAll(ids.Select(id => _app.TaskAsync(id)));
        var url = $"/v1/events?task={ids[0]}:6&task={ids[1]}:5";
        Assert.Equal(["6.6-1", "6.6"], SseText.Frames(await ReadAsync(url, null)).Select(SseText.Id));
        Assert.Equal(["6.6"], SseText.Frames(await ReadAsync(url, "6.6-1")).Select(SseText.Id));
        Assert.Equal(["6.6"], SseText.Frames(await ReadAsync($"{url}&lastEventId=6.6-1", null)).Select(SseText.Id));
    }

    [Theory]
    [InlineData("", 400, "task", null)]
    [InlineData("?task={0}:x", 400, "task", null)]
    [InlineData("?task={0}", 400, "Last-Event-ID", "1.2")]
    [InlineData("?task={0}", 400, "Last-Event-ID", "x")]
    [InlineData("?task={0}&after=1", 400, "after", null)]
    [InlineData("?task={0}:99", 410, "after", null)]
    [InlineData("?task={0}&task=00000000000000000000000000000000", 404, "task", null)]
    public async Task An_unreadable_value_is_refused(string query, int status, string param, string? lastEventId)
    {
        using var answer = await SendAsync("/v1/events" + string.Format(System.Globalization.CultureInfo.InvariantCulture, query, await _app.StartAsync("count 1 0")), lastEventId);
        Assert.Equal((status, param), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("param").GetString()));
    }

    [Fact]
    public async Task More_than_32_tasks_are_refused()
    {
        using var answer = await _app.Client.GetAsync("/v1/events?" + string.Join('&', Enumerable.Range(0, 33).Select(index => $"task={index}")));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_snapshot_has_the_output_so_far_and_the_stream_continues_after_it()
    {
        var id = await _app.StartAsync("count 100000 1");
        using var answer = await _app.Client.GetAsync($"/v1/tasks/{id}/events?snapshot=1", HttpCompletionOption.ResponseHeadersRead);
        await _app.PostAsync($"/v1/tasks/{id}/stop", "");
        var frames = SseText.Frames(await answer.Content.ReadAsStringAsync());
        var snapshot = JsonElement.Parse(SseText.Data(frames[0]));
        Assert.Equal("snapshot", snapshot.GetProperty("type").GetString());
        Assert.Equal(SseText.Id(frames[0]), snapshot.GetProperty("sequence").ToString());
        var all = SseText.Frames(await _app.ReadAsync(id));
        Assert.Equal(all.SkipWhile(frame => SseText.Id(frame) != SseText.Id(frames[0])).Skip(1), frames.Skip(1));
        Assert.Equal(Text(all), snapshot.GetProperty("output").GetString() + Text(frames.Skip(1)));
        Assert.StartsWith("{\"type\":\"connection_end\"", SseText.Data(frames[^1]));
    }

    [Fact]
    public async Task A_snapshot_holds_open_tool_calls_and_usage_and_is_not_sent_on_a_resume()
    {
        var id = await _app.StartAsync("call 5 0");
        await _app.TaskAsync(id);
        var frames = SseText.Frames(await _app.ReadAsync(id, "?snapshot=1&named=1"));
        Assert.Contains("event: snapshot\n", frames[0]);
        var snapshot = JsonElement.Parse(SseText.Data(frames[0]));
        var call = Assert.Single(snapshot.GetProperty("open_tool_calls").EnumerateArray());
        Assert.Equal("{\"city\":\"Paris\"}", call.GetProperty("arguments").GetString());
        Assert.Equal(12, snapshot.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal(2, frames.Skip(1).Count());
        Assert.DoesNotContain("snapshot", await _app.ReadAsync(id, "?snapshot=1", "2"));
        var answered = await _app.StartAsync("tool 1 0");
        await _app.TaskAsync(answered);
        Assert.Contains("\"open_tool_calls\":[]", await _app.ReadAsync(answered, "?snapshot=1"));
    }

    private async Task AssertSameAsync(string[] ids, IReadOnlyList<string> frames)
    {
        foreach (var id in ids)
        {
            var alone = SseText.Frames(await _app.ReadAsync(id)).Select(SseText.Data);
            Assert.Equal(alone, frames.Select(SseText.Data).Where(data => data.Contains(id)));
        }
    }

    private static string Text(IEnumerable<string> frames) => string.Concat(frames.Select(frame => JsonElement.Parse(SseText.Data(frame)))
        .Where(json => json.TryGetProperty("event_type", out var type) && type.GetString() == "output").Select(json => json.GetProperty("content").GetString()));

    private async Task<string> ReadAsync(string url, string? lastEventId)
    {
        using var answer = await SendAsync(url, lastEventId);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }

    private Task<HttpResponseMessage> SendAsync(string url, string? lastEventId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);

        return _app.Client.SendAsync(request);
    }
}
