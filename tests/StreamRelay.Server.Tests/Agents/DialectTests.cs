using System.Text;
using StreamRelay.Testing.Upstreams;

namespace StreamRelay.Server.Agents;

/// <summary>Every dialect of an upstream, read in every protocol: the content is that of the upstream, and the protocols agree.</summary>
public sealed class DialectTests(DialectFixture fixture) : IClassFixture<DialectFixture>
{
    public static TheoryData<string> Names => [.. Dialects.All.Select(dialect => dialect.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_dialect_of_the_upstream_is_understood_or_refused_alike_in_every_protocol(string name)
    {
        var dialect = Dialects.Find(name);
        var id = await fixture.App.StartAsync(name, "relayed");
        var streams = await Task.WhenAll(Wire.Protocols.Select(protocol => ReadAsync(Wire.Events(id, protocol))));
        var native = ReceivedStream.Parse("native", streams[0]);
        Assert.Equal(dialect.Calls, native.Calls.Select((call, index) => dialect.Calls[index].Id.Length > 0 ? call : call with { Id = "" }));
        foreach (var (protocol, stream) in Wire.Protocols.Zip(streams))
        {
            var received = ReceivedStream.Parse(protocol, stream);
            Assert.Equal((protocol, dialect.Text, dialect.Thoughts), (protocol, received.Text, received.Thoughts));
            Assert.Equal((protocol, dialect.Error is null ? "completed" : "failed", dialect.Error), (protocol, received.Status, received.Error));
            Assert.Equal(native.Calls, received.Calls);
            if (dialect.Error is null && received.FinishReason is { } reason)
                Assert.Equal((protocol, dialect.FinishReason), (protocol, reason));
            if (dialect.Usage is { } usage && received.Usage is { } reported)
                Assert.Equal((protocol, (usage.Prompt, usage.Completion, usage.Prompt + usage.Completion)), (protocol, reported));
        }
    }

    /// <summary>Reads a stream to its end. Chat breaks the connection off after an error.</summary>
    private async Task<string> ReadAsync(string address)
    {
        using var body = await fixture.App.Client.GetStreamAsync(address);
        using var kept = new MemoryStream();
        try
        {
            await body.CopyToAsync(kept);
        }
        catch (HttpIOException exception) when (exception.HttpRequestError == HttpRequestError.ResponseEnded && address.EndsWith("openai-chat", StringComparison.Ordinal))
        {
            Assert.Contains("\"error\"", Encoding.UTF8.GetString(kept.ToArray()));
        }

        return Encoding.UTF8.GetString(kept.ToArray());
    }
}
