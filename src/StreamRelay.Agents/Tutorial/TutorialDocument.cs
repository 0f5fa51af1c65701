using System.Text;

namespace StreamRelay.Agents.Tutorial;

/// <summary>The text of a tutorial, which is published as output and saved as a file. Text that an earlier attempt published is not published again.</summary>
internal sealed class TutorialDocument(AgentContext context, TutorialHistory history)
{
    private readonly string _published = history.Text;
    private readonly StringBuilder _text = new();

    /// <summary>Appends a piece, and publishes the part of it that no earlier attempt published.</summary>
    public ValueTask WriteAsync(string piece, CancellationToken cancellationToken)
    {
        var known = Math.Clamp(_published.Length - _text.Length, 0, piece.Length);
        _text.Append(piece);
        return known < piece.Length ? context.OutputAsync(piece[known..], cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Appends the published text up to a position.</summary>
    /// <returns>The text that was appended.</returns>
    public string AppendPublished(int end)
    {
        var known = _text.Length < end ? _published[_text.Length..end] : "";
        _text.Append(known);
        return known;
    }

    /// <summary>Appends the rest of the published text.</summary>
    public string AppendPublished() => AppendPublished(_published.Length);

    /// <summary>The whole text, as UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
