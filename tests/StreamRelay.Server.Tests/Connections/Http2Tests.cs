using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.Server.Connections;

/// <summary>The same streams over HTTP/1.1 and HTTP/2, with and without TLS.</summary>
public sealed class Http2Tests
{
    private const int Streams = 200;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("https", "1.1")]
    [InlineData("https", "2.0")]
    [InlineData("http", "2.0")]
    public async Task Every_protocol_streams_as_it_is_and_to_its_end(string scheme, string version)
    {
        await using var server = await SecureServer.StartAsync(scheme, Version.Parse(version));
        foreach (var protocol in Wire.Protocols)
        {
            using var stream = await Wire.StartAsync(server.Client, protocol, "count 500 0").WaitAsync(Deadline);
            Assert.Equal(version, stream.Answer.Version.ToString());
            Assert.Equal("text/event-stream", stream.Answer.Content.Headers.ContentType?.MediaType);
            Assert.Empty(stream.Answer.Content.Headers.ContentEncoding);
            Assert.False(stream.Answer.Headers.NonValidated.Contains("Connection"), $"{protocol} sends a Connection header.");

            var all = await stream.ReadToEndAsync().WaitAsync(Deadline);
            var received = ReceivedStream.Parse(protocol, all);
            Assert.Equal("completed", received.Status);
            Assert.Equal(string.Concat(Enumerable.Range(1, 500).Select(number => $"t{number} ")), received.Text);
            Assert.Equal(SseText.Frames(await server.Client.GetStringAsync(Wire.Events(stream.TaskId, protocol))), SseText.Frames(all));
        }
    }

    [Theory]
    [InlineData("https")]
    [InlineData("http")]
    public async Task One_connection_carries_200_streams_at_once(string scheme)
    {
        await using var server = await SecureServer.StartAsync(scheme, new(2, 0));
        using var first = await Wire.StartAsync(server.Client, "native", "count 1000000 5").WaitAsync(Deadline);
        var id = first.TaskId;
        var readers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(index => Wire.ReadAsync(server.Client, id, Wire.Protocols[index % Wire.Protocols.Count])))
            .WaitAsync(Deadline);
        await Task.WhenAll(readers.Select(reader => reader.ReadUntilAsync("\"t1 \""))).WaitAsync(Deadline);
        var task = await server.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{id}");
        Assert.Equal(("running", Streams + 1, 1), (task.GetProperty("status").GetString(), task.GetProperty("readers").GetInt32(), server.Connections));

        var ends = Task.WhenAll(readers.Select(reader => reader.ReadToEndAsync()));
        using var stopped = await server.Client.PostAsync($"/v1/tasks/{id}/stop", null);
        var streams = (await ends.WaitAsync(Deadline)).Zip(readers, (stream, reader) => (reader.Protocol, Stream: stream)).ToList();
        foreach (var protocol in Wire.Protocols)
        {
            var whole = SseText.Frames(await server.Client.GetStringAsync(Wire.Events(id, protocol)));
            Assert.Equal("stopped", ReceivedStream.Parse(protocol, string.Concat(whole)).Status);
            Assert.All(streams.Where(one => one.Protocol == protocol), one => Assert.Equal(whole, SseText.Frames(one.Stream)));
        }

        foreach (var reader in readers)
            reader.Dispose();
    }
}
