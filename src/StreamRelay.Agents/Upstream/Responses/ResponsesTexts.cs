using StreamRelay.Agents.Upstream.Answers;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>The texts of an item, as far as they were published.</summary>
/// <remarks>Some servers count the parts of pieces and of whole texts in two ways. A whole text is then looked for in what no other whole text has named,
/// so that no text is repeated, and none is lost that another one contains.</remarks>
internal sealed class ResponsesTexts
{
    private readonly OrderedDictionary<(ResponsesTextKind Kind, int Part), ResponsesText> _texts = [];
    private readonly Dictionary<(ResponsesTextKind Kind, int Part), string> _elsewhere = [];

    /// <summary>Begins a list of all whole texts, which names each of them once more.</summary>
    public void BeginList()
    {
        _elsewhere.Clear();
        foreach (var text in _texts.Values)
            text.Reset();
    }

    /// <summary>Adds a piece.</summary>
    /// <returns>Whether it begins a text after another one.</returns>
    public bool Append((ResponsesTextKind Kind, int Part) place, string piece)
    {
        var text = Find(place);
        var begins = text.IsEmpty;
        text.Append(piece);
        return begins && _texts.Count > 1;
    }

    /// <summary>What a whole text has, and its pieces did not. The caller appends it.</summary>
    /// <exception cref="AgentException">It is not what the pieces say.</exception>
    public string FindRest((ResponsesTextKind Kind, int Part) place, string whole)
    {
        var pieces = _texts.TryGetValue(place, out var known) ? known.Value : "";
        if (pieces.Length == 0 && IsElsewhere(place, whole))
            return "";

        var text = Find(place);
        if (whole.StartsWith(pieces, StringComparison.Ordinal))
        {
            text.Name(whole.Length);
            return whole[pieces.Length..];
        }

        if (!pieces.StartsWith(whole, StringComparison.Ordinal) && !AnswerToolPiece.IsSame(pieces, whole))
            throw AnswerFault.Malformed("a text that differs from its pieces");

        text.Name(Math.Min(pieces.Length, whole.Length));
        return "";
    }

    private bool IsElsewhere((ResponsesTextKind Kind, int Part) place, string whole)
    {
        if (_elsewhere.TryGetValue(place, out var known) && known == whole)
            return true;
        if (!_texts.Any(other => other.Key.Kind == place.Kind && other.Key != place && other.Value.TryName(whole)))
            return false;

        _elsewhere[place] = whole;
        return true;
    }

    private ResponsesText Find((ResponsesTextKind Kind, int Part) place)
    {
        if (!_texts.TryGetValue(place, out var text))
            _texts.Add(place, text = new());

        return text;
    }
}
