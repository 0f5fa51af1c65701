using System.Text;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>A text of an item, as far as it was published, and how much of it the whole texts of the item have named so far.</summary>
internal sealed class ResponsesText
{
    private readonly StringBuilder _text = new();
    private int _start;
    private int _named;

    /// <summary>Whether there is nothing in it but what belongs to other parts.</summary>
    public bool IsEmpty => _text.Length == _start;

    /// <summary>The text without what belongs to other parts.</summary>
    public string Value => _text.ToString(_start, _text.Length - _start);

    /// <summary>Adds a piece.</summary>
    public void Append(string piece) => _text.Append(piece);

    /// <summary>Notes that its beginning was named.</summary>
    /// <param name="length">The characters that were named; they may be more than were published.</param>
    public void Name(int length) => _named = Math.Max(_named, _start + length);

    /// <summary>Names the whole text of another part, if this text goes on with it after what was named.</summary>
    public bool TryName(string other)
    {
        if (_named >= _text.Length || !_text.ToString(_named, _text.Length - _named).StartsWith(other, StringComparison.Ordinal))
            return false;

        if (_named == _start)
            _start += other.Length;

        _named += other.Length;
        return true;
    }

    /// <summary>Forgets what was named.</summary>
    public void Reset() => _start = _named = 0;
}
