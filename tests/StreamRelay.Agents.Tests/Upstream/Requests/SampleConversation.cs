using System.Text.Json;
using CsCheck;
using StreamRelay.Conversations;

namespace StreamRelay.Agents.Upstream.Requests;

/// <summary>Generates conversations in which parallel calls have their results, with every kind of part.</summary>
internal static class SampleConversation
{
    private static readonly Gen<string> Text = Pick("x", "ü 😀", "\"quoted\" \\ and\nbroken", "{}", " ");

    private static readonly Dictionary<string, JsonElement> Cached = new() { ["cache_control"] = JsonElement.Parse("""{"type":"ephemeral"}""") };

    private static readonly Dictionary<string, JsonElement> Named = new() { ["name"] = JsonElement.Parse("\"bob\"") };

    private static readonly Dictionary<string, JsonElement> None = [];

    private static readonly Gen<ConversationPart> Said = Gen.Select(Text, Gen.Bool, static (text, isCached) => (ConversationPart)new TextPart(text) { Extras = isCached ? Cached : None });

    private static readonly Gen<ConversationPart> Media = Pick<ConversationPart>(
        new MediaPart(MediaKind.Image) { Url = "https://example.com/a.png" },
        new MediaPart(MediaKind.Image) { Data = "QQ==", MediaType = "image/jpeg", Extras = Cached },
        new MediaPart(MediaKind.Image) { Url = "https://example.com/a.png", Detail = "high" },
        new MediaPart(MediaKind.File) { Data = "QQ==", MediaType = "application/pdf", Name = "a.pdf" },
        new MediaPart(MediaKind.File) { Url = "https://example.com/a.pdf", Field = "messages[0].content[0]" },
        new MediaPart(MediaKind.Audio) { Data = "QQ==", MediaType = "audio/wav" },
        new MediaPart(MediaKind.Video) { Url = "https://example.com/a.mp4", Field = "messages[0].content[0]" });

    private static readonly Gen<ConversationPart[]> Reasoning = Pick<ConversationPart[]>(
        [],
        [new ReasoningPart("hm\nm")],
        [new ReasoningPart("hm", "c2ln")],
        [new ReasoningPart("", "Z0FB")],
        [new ReasoningPart("a", "c2ln"), new ReasoningPart("", "Z0FB")]);

    private static readonly Gen<(string Name, string Input, bool IsCustom, ConversationPart[] Result)> Call = Gen.Select(
        Pick("f", "get_weather"), Pick("{}", "{\"city\":\"Paris\"}", "{\"a\": [1, 2.50]}"), Gen.Int[0, 5], Pick<ConversationPart[]>([new TextPart("sunny")], [new TextPart(" ü\n")]),
        static (name, input, custom, result) => (name, custom == 0 ? "any text" : input, custom == 0, result));

    private static readonly Gen<ConversationMessage> User = Gen.Select(Said.Array[1, 2], Gen.Frequency((3, Gen.Const(Array.Empty<ConversationPart>())), (2, Media.Array[1, 2])), Gen.Int[0, 9],
        static (texts, media, name) => new ConversationMessage("user", [.. texts, .. media]) { Extras = name == 0 ? Named : None });

    private static readonly Gen<ConversationMessage[]> Step = Gen.Select(Reasoning, Gen.Frequency((1, Gen.Const(Array.Empty<ConversationPart>())), (2, Text.Select(static text => (ConversationPart[])[new TextPart(text)]))), Call.Array[1, 3],
        static (reasoning, said, calls) => (ConversationMessage[])
        [
            new("assistant", [.. reasoning, .. said, .. calls.Select((call, index) => new ToolCallPart($"call_{index}", call.Name, call.Input) { IsCustom = call.IsCustom })]),
            .. calls.Select((call, index) => new ConversationMessage("tool", [new ToolResultPart($"call_{index}", call.Result)])),
        ]);

    private static readonly Gen<ConversationMessage> Answer = Gen.Select(Reasoning, Text, static (reasoning, text) => new ConversationMessage("assistant", [.. reasoning, new TextPart(text)]));

    private static readonly Gen<ConversationMessage[]> System = Pick<ConversationMessage[]>(
        [], [new("system", [new TextPart("be brief")])], [new("system", [new TextPart("be brief")]), new("developer", [new TextPart("and kind")])]);

    /// <summary>Generates the conversations.</summary>
    public static Gen<ConversationMessage[]> All { get; } = Gen.Select(System, Gen.Select(User, Step.Array[0, 2], Answer).Array[0, 2], User,
        static (system, turns, last) => (ConversationMessage[])[.. system, .. turns.SelectMany(static turn => (ConversationMessage[])[turn.Item1, .. turn.Item2.SelectMany(static step => step), turn.Item3]), last]);

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
