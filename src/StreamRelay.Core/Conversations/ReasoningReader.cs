using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>Reads the reasoning of a message: its details where it has them, and text that they do not hold. Details may be pieces of a stream.</summary>
internal static class ReasoningReader
{
    private const string Separator = "\n\n";
    private const string TextType = "reasoning.text";
    private const string SummaryType = "reasoning.summary";

    /// <summary>Reads the parts.</summary>
    public static IReadOnlyList<ReasoningPart> Read(JsonElement message)
    {
        ReasoningPart[] details = [.. Group(message.FindItems("reasoning_details")).Select(ReadDetail).OfType<ReasoningPart>()];
        var rest = Without(message.FindText("reasoning_content") ?? "", [.. details.Select(static part => part.Text).Where(static text => text.Length > 0)]);
        return rest.Length == 0 ? details : [new(rest), .. details];
    }

    /// <summary>The text without what is known of it, at its end or at its beginning.</summary>
    private static string Without(string text, string[] texts)
    {
        var known = string.Join(Separator, texts);
        return text == known || text == string.Concat(texts) ? ""
            : known.Length == 0 ? text
            : text.EndsWith(Separator + known, StringComparison.Ordinal) ? text[..^(Separator.Length + known.Length)]
            : text.StartsWith(known + Separator, StringComparison.Ordinal) ? text[(known.Length + Separator.Length)..]
            : text;
    }

    /// <summary>The details, each with its pieces.</summary>
    private static IEnumerable<List<JsonElement>> Group(IEnumerable<JsonElement> details)
    {
        List<JsonElement> pieces = [];
        foreach (var detail in details)
        {
            if (pieces.Count > 0 && !IsNext(pieces[^1], detail))
            {
                yield return pieces;
                pieces = [];
            }

            pieces.Add(detail);
        }

        if (pieces.Count > 0)
            yield return pieces;
    }

    /// <summary>Whether a piece belongs to the same detail as the one before it. A signature ends a detail.</summary>
    private static bool IsNext(JsonElement piece, JsonElement next) =>
        piece.FindText("type") is TextType or SummaryType && piece.FindText("type") == next.FindText("type")
            && piece.FindText("signature") is null && piece.Find("index")?.GetRawText() == next.Find("index")?.GetRawText();

    private static ReasoningPart? ReadDetail(List<JsonElement> pieces) => pieces[0].FindText("type") switch
    {
        TextType => new(Join(pieces, "text"), pieces[^1].FindText("signature") ?? "") { IsEncrypted = false },
        SummaryType when Join(pieces, "summary") is { Length: > 0 } summary => new(summary),
        "reasoning.encrypted" when pieces[0].FindText("data") is { } data => new("", data),
        _ => null,
    };

    private static string Join(List<JsonElement> pieces, string name) => string.Concat(pieces.Select(piece => piece.FindText(name)));
}
