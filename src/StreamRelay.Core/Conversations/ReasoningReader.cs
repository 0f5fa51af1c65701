using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>Reads the reasoning of a message: its details where it has them, and text that they do not hold.</summary>
internal static class ReasoningReader
{
    private const string Separator = "\n\n";

    /// <summary>Reads the parts.</summary>
    public static IReadOnlyList<ReasoningPart> Read(JsonElement message)
    {
        ReasoningPart[] details = [.. message.FindItems("reasoning_details").Select(ReadDetail).OfType<ReasoningPart>()];
        var known = string.Join(Separator, details.Select(static part => part.Text).Where(static piece => piece.Length > 0));
        var rest = Without(message.FindText("reasoning_content") ?? "", known);
        return rest.Length == 0 ? details : [new(rest), .. details];
    }

    /// <summary>The text without what is known of it, at its end or at its beginning.</summary>
    private static string Without(string text, string known) =>
        text == known ? ""
        : known.Length == 0 ? text
        : text.EndsWith(Separator + known, StringComparison.Ordinal) ? text[..^(Separator.Length + known.Length)]
        : text.StartsWith(known + Separator, StringComparison.Ordinal) ? text[(known.Length + Separator.Length)..]
        : text;

    private static ReasoningPart? ReadDetail(JsonElement detail) => detail.FindText("type") switch
    {
        "reasoning.text" => new(detail.FindText("text") ?? "", detail.FindText("signature") ?? "") { IsEncrypted = false },
        "reasoning.summary" when detail.FindText("summary") is { } summary => new(summary),
        "reasoning.encrypted" when detail.FindText("data") is { } data => new("", data),
        _ => null,
    };
}
