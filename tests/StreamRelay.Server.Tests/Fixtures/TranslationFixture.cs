namespace StreamRelay.Server.Fixtures;

/// <summary>A server that relays a model, which answers every request with one word, and a server that drops what it cannot pass on.</summary>
public sealed class TranslationFixture : IDisposable
{
    private const string Answer = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private readonly FaultyUpstream _model = FaultyUpstream.StartAsync(Answer).GetAwaiter().GetResult();

    public TranslationFixture()
    {
        Strict = new(Settings());
        Lenient = new(new Dictionary<string, string?>(Settings()) { ["StreamRelay:Translation"] = "Lenient" });
    }

    public RelayApp Strict { get; }

    public RelayApp Lenient { get; }

    /// <summary>The address of the model.</summary>
    public Uri ModelUrl => new(_model.BaseUrl);

    /// <summary>The last request that the model got.</summary>
    public string LastBody => _model.LastBody;

    /// <summary>How many requests the model got.</summary>
    public int Requests => _model.Requests;

    public void Dispose()
    {
        Strict.Dispose();
        Lenient.Dispose();
        _model.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private Dictionary<string, string?> Settings() => new()
    {
        ["StreamRelay:DefaultAgent"] = "relayed",
        ["StreamRelay:Agents:relayed:Type"] = "upstream",
        ["StreamRelay:Agents:relayed:BaseUrl"] = _model.BaseUrl,
        ["StreamRelay:Agents:relayed:Model"] = "m",
        ["StreamRelay:Agents:shell:Type"] = "process",
        ["StreamRelay:Agents:shell:Command"] = "/bin/sh",
        ["StreamRelay:Agents:shell:Arguments:0"] = "-c",
        ["StreamRelay:Agents:shell:Arguments:1"] = "cat > /dev/null; echo done",
    };
}
