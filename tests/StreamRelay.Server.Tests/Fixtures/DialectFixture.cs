using System.Globalization;
using System.Text.Json;
using StreamRelay.TestSupport.Upstreams;

namespace StreamRelay.Server.Fixtures;

/// <summary>A server whose agents <c>relayed</c>, <c>relayed-responses</c> and <c>relayed-messages</c> ask a hostile upstream, each in one API. The upstream answers
/// in the dialect that the last message names, and after <c>echo</c> with the messages that it got.</summary>
public sealed class DialectFixture : IDisposable
{
    private const string Key = "the-configured-key";
    private const string MutatedPrefix = "mutated ";

    private readonly HostileUpstream _upstream = HostileUpstream.Start(Answer);

    public DialectFixture() => App = new(Enum.GetValues<UpstreamWire>().SelectMany(Settings).ToDictionary());

    public RelayApp App { get; }

    /// <summary>The agent whose upstream has this API.</summary>
    public static string Agent(UpstreamWire wire) => wire == UpstreamWire.Chat ? "relayed" : $"relayed-{wire.ToString().ToLowerInvariant()}";

    /// <summary>The message that is answered with a mutated answer.</summary>
    public static string Mutated(int seed) => $"{MutatedPrefix}{seed}";

    private static ScriptedAnswer Answer(UpstreamCall call)
    {
        if (call.LastText.StartsWith(MutatedPrefix, StringComparison.Ordinal))
            return ScriptedAnswer.Stream("") with { Body = MutatedAnswer.Create(int.Parse(call.LastText[MutatedPrefix.Length..], CultureInfo.InvariantCulture)) };
        if (call.LastText != "echo")
            return Dialects.Find(call.LastText).Answer.Split(new(call.LastText.Length), 5);

        var messages = JsonEncodedText.Encode(call.Messages.GetRawText()).Value;
        return ScriptedAnswer.Stream(call.Target.Contains("/chat/", StringComparison.Ordinal) ? Chunks.Text(messages) + Chunks.Finish() + Chunks.Done
            : call.Target.Contains("/responses", StringComparison.Ordinal) ? ResponsesFrames.Text(messages) + ResponsesFrames.Completed()
            : MessagesFrames.Text(0, messages) + MessagesFrames.Finish() + MessagesFrames.Stop);
    }

    private Dictionary<string, string?> Settings(UpstreamWire wire) => new()
    {
        [$"StreamRelay:Agents:{Agent(wire)}:Type"] = "upstream",
        [$"StreamRelay:Agents:{Agent(wire)}:Api"] = wire.ToString(),
        [$"StreamRelay:Agents:{Agent(wire)}:BaseUrl"] = _upstream.BaseUrl,
        [$"StreamRelay:Agents:{Agent(wire)}:ApiKey"] = Key,
        [$"StreamRelay:Agents:{Agent(wire)}:Model"] = "m",
    };

    public void Dispose()
    {
        App.Dispose();
        _upstream.Dispose();
    }
}
