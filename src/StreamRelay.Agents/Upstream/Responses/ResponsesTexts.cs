using System.Text;
using StreamRelay.Agents.Upstream.Answers;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>The texts of an item, as far as they were published.</summary>
internal sealed class ResponsesTexts
{
    private readonly Dictionary<(ResponsesTextKind Kind, int Part), StringBuilder> _texts = [];

    /// <summary>Adds a piece.</summary>
    /// <returns>Whether it begins a text after another one.</returns>
    public bool Append((ResponsesTextKind Kind, int Part) place, string text)
    {
        if (_texts.TryGetValue(place, out var known))
        {
            known.Append(text);
            return false;
        }

        _texts.Add(place, new(text));
        return _texts.Count > 1;
    }

    /// <summary>What a whole text has, and its pieces did not.</summary>
    /// <exception cref="AgentException">It is not what the pieces say.</exception>
    public string FindRest((ResponsesTextKind Kind, int Part) place, string whole)
    {
        var pieces = _texts.TryGetValue(place, out var known) ? known.ToString() : "";

        // A server that counts the parts of pieces and of whole texts in two ways must not repeat a text.
        if (pieces.Length == 0)
            return _texts.Any(other => other.Key.Kind == place.Kind && other.Value.ToString().Contains(whole, StringComparison.Ordinal)) ? "" : whole;
        if (whole.StartsWith(pieces, StringComparison.Ordinal))
            return whole[pieces.Length..];
        if (pieces.StartsWith(whole, StringComparison.Ordinal) || AnswerToolPiece.IsSame(pieces, whole))
            return "";

        throw AnswerFault.Malformed("a text that differs from its pieces");
    }
}
