using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Protocols;

/// <summary>One task, read in all protocols at once.</summary>
public sealed class AllProtocolsTests : IDisposable
{
    private const string Chat = "chat-1";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    // No response is drained: disposing one closes its connection.
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { Timeout = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData(4 << 20)]
    [InlineData(1 << 10)]
    public async Task Readers_that_are_disconnected_at_any_byte_lose_nothing_and_all_protocols_have_the_same_content(int renderingBytes)
    {
        using var app = new RelayApp(new() { ["StreamRelay:Streams:RenderingBytes"] = $"{renderingBytes}" });
        foreach (var seed in Seeds.Take(5))
        {
            var random = new Random(seed);
            foreach (var verb in (string[])["count", "tool", "call", "reason"])
                await CheckAsync(app, verb, random, $"seed {seed}, {verb}");
        }
    }

    [Theory]
    [InlineData("task")]
    [InlineData("response")]
    [InlineData("chat")]
    public async Task A_stop_on_any_route_ends_every_protocol_and_keeps_the_output(string way)
    {
        using var app = new RelayApp();
        var id = await StartAsync(app, way, "count 1000000 1");
        var readers = await OpenAsync(app, id);
        await Task.WhenAll(readers.Select(reader => reader.ReadUntilAsync("\"t1 \""))).WaitAsync(Deadline);

        var ends = Task.WhenAll(readers.Select(reader => reader.ReadToEndAsync()));
        await StopAsync(app, way, id, "stopped");
        var streams = await ends.WaitAsync(Deadline);
        var received = readers.Zip(streams, (reader, stream) => ReceivedStream.Parse(reader.Protocol, stream)).ToList();
        Assert.All(received, one => Assert.Equal("stopped", one.Status));
        Assert.StartsWith("t1 ", received[0].Text);
        Assert.All(received, one => Assert.Equal(received[0].Text, one.Text));

        await AssertNothingChangesAsync(app, way, id, "stopped", streams);
        foreach (var reader in readers)
            reader.Dispose();
    }

    [Theory]
    [InlineData("task")]
    [InlineData("response")]
    [InlineData("chat")]
    public async Task A_stop_after_the_end_changes_nothing(string way)
    {
        using var app = new RelayApp();
        var id = await StartAsync(app, way, "count 3 0");
        await app.TaskAsync(id);
        var streams = await Task.WhenAll(Wire.Protocols.Select(protocol => app.Client.GetStringAsync(Wire.Events(id, protocol))));
        await AssertNothingChangesAsync(app, way, id, "completed", streams);
    }

    [Theory]
    [InlineData("task")]
    [InlineData("response")]
    [InlineData("chat")]
    public async Task A_task_stopped_before_its_start_ends_as_stopped_in_every_protocol(string way)
    {
        using var app = new RelayApp(new() { ["StreamRelay:Streams:MaxRunningTasks"] = "1" });
        using var running = await Wire.StartAsync(app.Client, "native", "count 1000000 1");
        await running.ReadUntilAsync("\"t1 \"").WaitAsync(Deadline);
        var id = await StartAsync(app, way, "count 1000000 1");
        var readers = await OpenAsync(app, id);
        await Task.WhenAll(readers.Select(reader => reader.ReadUntilAsync("data: "))).WaitAsync(Deadline);
        Assert.Equal("queued", (await app.TaskAsync(id, "")).GetProperty("status").GetString());

        var ends = Task.WhenAll(readers.Select(reader => reader.ReadToEndAsync()));
        await StopAsync(app, way, id, "stopped");
        var streams = await ends.WaitAsync(Deadline);
        var received = readers.Zip(streams, (reader, stream) => ReceivedStream.Parse(reader.Protocol, stream));
        Assert.All(received, one => Assert.Equal(("stopped", ""), (one.Status, one.Text)));

        await AssertNothingChangesAsync(app, way, id, "stopped", streams);
        Assert.Equal("running", (await app.TaskAsync(running.TaskId, "")).GetProperty("status").GetString());
        foreach (var reader in readers)
            reader.Dispose();
    }

    [Theory]
    [InlineData("native")]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    [InlineData("ai-sdk")]
    [InlineData("ag-ui")]
    public async Task A_reader_counts_once_however_it_began(string protocol)
    {
        using var app = new RelayApp();
        using var reader = await Wire.StartAsync(app.Client, protocol, "count 1000000 1");
        await reader.ReadUntilAsync("\"t1 \"").WaitAsync(Deadline);
        Assert.Equal(1, (await app.TaskAsync(reader.TaskId, "")).GetProperty("readers").GetInt32());
    }

    [Fact]
    public async Task A_reader_that_has_left_is_not_counted_while_its_rendering_lingers()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Streams:RenderingLinger"] = "00:10:00" });
        var id = await app.StartAsync("count 1000000 1");
        using (var answer = await _client.GetAsync(new Uri(app.Address, Wire.Events(id, "native")), HttpCompletionOption.ResponseHeadersRead))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        await Wait.UntilAsync(async () => (await app.TaskAsync(id, "")).GetProperty("readers").GetInt32(), count => count == 0, Deadline, "nobody reads");
    }

    public void Dispose() => _client.Dispose();

    private async Task CheckAsync(RelayApp app, string verb, Random random, string route)
    {
        var count = random.Next(1, 200);
        string id;
        using (var started = await Wire.StartAsync(app.Client, "openai-chat", $"{verb} {count} {random.Next(2)}"))
            id = started.TaskId;

        var seeds = Wire.Protocols.Select(_ => random.Next()).ToArray();
        var streams = await Task.WhenAll(Wire.Protocols.Zip(seeds, (protocol, seed) => ReadInPiecesAsync(new(app.Address, Wire.Events(id, protocol)), new(seed))))
            .WaitAsync(TimeSpan.FromSeconds(60));
        var words = string.Concat(Enumerable.Range(1, count).Select(number => $"t{number} "));
        var (text, thoughts, calls) = verb switch
        {
            "call" => ("", "", 1),
            "reason" => ("done", words, 0),
            "tool" => (words, "", 1),
            _ => (words, "", 0),
        };
        var native = ReceivedStream.Parse("native", streams[0]);
        Assert.Equal(calls, native.Calls.Count);
        Assert.NotNull(native.Usage);
        foreach (var (protocol, stream) in Wire.Protocols.Zip(streams))
        {
            Assert.Equal(SseText.Frames(await app.Client.GetStringAsync(Wire.Events(id, protocol))), SseText.Frames(stream));
            var received = ReceivedStream.Parse(protocol, stream);
            Assert.Equal((route, protocol, "completed", text, thoughts, native.Usage), (route, protocol, received.Status, received.Text, received.Thoughts, received.Usage));

            Assert.Equal(native.Calls.Where(call => call.IsForCaller || !Wire.IsModelApi(protocol)), received.Calls);
        }
    }

    /// <summary>Reads a stream to its end over connections that are closed at any byte. Each new one resumes after the last complete frame.</summary>
    private async Task<string> ReadInPiecesAsync(Uri address, Random random)
    {
        var kept = new StringBuilder();
        string? last = null;
        while (true)
        {
            // The length has a random order of magnitude, so that it often lies within the first frame.
            var (piece, isWhole) = await ReadPieceAsync(address, last, random.Next(1, 1 << random.Next(4, 17)));
            var frames = piece[..(piece.LastIndexOf("\n\n", StringComparison.Ordinal) is var end && end < 0 ? 0 : end + 2)];
            kept.Append(frames);
            last = SseText.Frames(frames) is [.., var frame] ? SseText.Id(frame) : last;
            if (!isWhole)
                continue;

            Assert.Equal(frames, piece);
            return kept.ToString();
        }
    }

    private async Task<(string Piece, bool IsWhole)> ReadPieceAsync(Uri address, string? last, int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (last is not null)
            request.Headers.Add("Last-Event-ID", last);

        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent, $"{answer.StatusCode} after {last}");
        using var body = await answer.Content.ReadAsStreamAsync();
        var piece = new byte[length];
        var count = await body.ReadAtLeastAsync(piece, length, throwOnEndOfStream: false);

        // These streams are ASCII only, so a disconnect never falls inside a character.
        return (Encoding.ASCII.GetString(piece, 0, count), count < length);
    }

    /// <summary>Starts a probe with the protocol to which the way of stopping belongs.</summary>
    private static async Task<string> StartAsync(RelayApp app, string way, string input)
    {
        if (way == "task")
            return await app.StartAsync(input);
        if (way == "response")
        {
            using var response = await app.PostAsync("/v1/responses", $$"""{"model":"probe","input":"{{input}}","background":true}""");
            return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!["resp_".Length..];
        }

        using var chat = await Wire.StartAsync(app.Client, "ai-sdk", input, Chat);
        return chat.TaskId;
    }

    private static async Task StopAsync(RelayApp app, string way, string id, string status)
    {
        using var answer = await (way switch
        {
            "task" => app.Client.PostAsync($"/v1/tasks/{id}/stop", null),
            "response" => app.Client.PostAsync($"/v1/responses/resp_{id}/cancel", null),
            _ => app.Client.DeleteAsync($"/api/chat/{Chat}"),
        });
        answer.EnsureSuccessStatusCode();
        if (way != "chat")
        {
            var expected = way == "response" && status == "stopped" ? "cancelled" : status;
            Assert.Equal(expected, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
        }
    }

    private static async Task AssertNothingChangesAsync(RelayApp app, string way, string id, string status, string[] streams)
    {
        var before = await app.TaskAsync(id, "");
        Assert.Equal(status, before.GetProperty("status").GetString());
        foreach (var next in (string[])[way, "task"])
            await StopAsync(app, next, id, status);

        var after = await app.TaskAsync(id, "");
        foreach (var name in (string[])["status", "ended_at", "last_sequence", "usage"])
            Assert.Equal(before.GetProperty(name).ToString(), after.GetProperty(name).ToString());
        foreach (var (protocol, stream) in Wire.Protocols.Zip(streams))
            Assert.Equal(SseText.Frames(stream), SseText.Frames(await app.Client.GetStringAsync(Wire.Events(id, protocol))));
    }

    private static Task<LiveStream[]> OpenAsync(RelayApp app, string id) =>
        Task.WhenAll(Wire.Protocols.Select(protocol => Wire.ReadAsync(app.Client, id, protocol)));
}
