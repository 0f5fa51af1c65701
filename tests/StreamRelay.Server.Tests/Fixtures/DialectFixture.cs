using StreamRelay.Testing.Upstreams;

namespace StreamRelay.Server.Fixtures;

/// <summary>A server whose agent <c>relayed</c> asks a hostile upstream. The upstream answers in the dialect that the last message names.</summary>
public sealed class DialectFixture : IDisposable
{
    private const string Key = "the-configured-key";

    private readonly HostileUpstream _upstream = HostileUpstream.Start(call => Dialects.Find(call.LastText).Answer.Split(new(call.LastText.Length), 5));

    public DialectFixture() => App = new(new()
    {
        ["StreamRelay:Agents:relayed:Type"] = "upstream",
        ["StreamRelay:Agents:relayed:BaseUrl"] = _upstream.BaseUrl,
        ["StreamRelay:Agents:relayed:ApiKey"] = Key,
        ["StreamRelay:Agents:relayed:Model"] = "m",
    });

    public RelayApp App { get; }

    public void Dispose()
    {
        App.Dispose();
        _upstream.Dispose();
    }
}
