using System.Text;

namespace StreamRelay.Agents.Tutorial;

/// <summary>The text of a tutorial on its way to the stream and into the file. What earlier attempts have said is taken over in silence.</summary>
internal sealed class TutorialDocument(AgentContext context, TutorialHistory history)
{
    private readonly string _said = history.Text;
    private readonly StringBuilder _text = new();

    /// <summary>Adds a piece, and says as much of it as was not said before.</summary>
    public ValueTask SayAsync(string piece, CancellationToken cancellationToken)
    {
        var known = Math.Clamp(_said.Length - _text.Length, 0, piece.Length);
        _text.Append(piece);
        return known < piece.Length ? context.OutputAsync(piece[known..], cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Takes over what was said up to a place in the text.</summary>
    /// <returns>What was taken over.</returns>
    public string TakeOver(int end)
    {
        var known = _text.Length < end ? _said[_text.Length..end] : "";
        _text.Append(known);
        return known;
    }

    /// <summary>Takes over all that is left of what was said.</summary>
    public string TakeOver() => TakeOver(_said.Length);

    /// <summary>The whole text, as UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
