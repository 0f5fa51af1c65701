using StreamRelay.Events;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.Folds;

/// <summary>A fold that writes frames. It knows which text part is open: a part ends where text of the other kind, or something else, begins.</summary>
internal abstract class EventEncoder(bool onlyCallsForCaller) : EventFold(onlyCallsForCaller), IStreamEncoder
{
    private StreamEventKind? _openText;

    /// <summary>Takes the frames of the entry that is being encoded.</summary>
    private protected SseWriter Output { get; private set; } = null!;

    public void Encode(in StreamEntry entry, SseWriter output)
    {
        Output = output;
        Add(entry);
    }

    /// <summary>Opens a part for text of this kind unless it is open; a part of the other kind is closed before.</summary>
    private protected void OpenText(StreamEventKind kind)
    {
        if (_openText == kind)
            return;

        CloseText();
        _openText = kind;
        OnTextStart(kind);
    }

    /// <summary>Closes the text part that is open, if any.</summary>
    private protected void CloseText()
    {
        if (_openText is not { } kind)
            return;

        _openText = null;
        OnTextEnd(kind);
    }

    /// <summary>A text part was opened.</summary>
    private protected virtual void OnTextStart(StreamEventKind kind)
    {
    }

    /// <summary>The text part was closed.</summary>
    private protected virtual void OnTextEnd(StreamEventKind kind)
    {
    }
}
