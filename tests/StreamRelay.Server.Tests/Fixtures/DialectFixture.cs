using System.Globalization;
using System.Text.Json;
using StreamRelay.Testing.Upstreams;

namespace StreamRelay.Server.Fixtures;

/// <summary>A server whose agent <c>relayed</c> asks a hostile upstream. The upstream answers in the dialect that the last message names,
/// and after <c>echo</c> with the messages that it got.</summary>
public sealed class DialectFixture : IDisposable
{
    private const string Key = "the-configured-key";
    private const string MutatedPrefix = "mutated ";

    private readonly HostileUpstream _upstream = HostileUpstream.Start(Answer);

    public DialectFixture() => App = new(new()
    {
        ["StreamRelay:Agents:relayed:Type"] = "upstream",
        ["StreamRelay:Agents:relayed:BaseUrl"] = _upstream.BaseUrl,
        ["StreamRelay:Agents:relayed:ApiKey"] = Key,
        ["StreamRelay:Agents:relayed:Model"] = "m",
    });

    public RelayApp App { get; }

    /// <summary>The message that is answered with a mutated answer.</summary>
    public static string Mutated(int seed) => $"{MutatedPrefix}{seed}";

    private static ScriptedAnswer Answer(UpstreamCall call)
    {
        if (call.LastText.StartsWith(MutatedPrefix, StringComparison.Ordinal))
            return ScriptedAnswer.Stream("") with { Body = MutatedAnswer.Create(int.Parse(call.LastText[MutatedPrefix.Length..], CultureInfo.InvariantCulture)) };
        if (call.LastText != "echo")
            return Dialects.Find(call.LastText).Answer.Split(new(call.LastText.Length), 5);

        var messages = JsonEncodedText.Encode(call.Json.GetProperty("messages").GetRawText());
        return ScriptedAnswer.Stream(Chunks.Text(messages.Value) + Chunks.Finish() + Chunks.Done);
    }

    public void Dispose()
    {
        App.Dispose();
        _upstream.Dispose();
    }
}
