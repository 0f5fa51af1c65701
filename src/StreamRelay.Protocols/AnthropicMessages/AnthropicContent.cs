using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>The content of a message: its blocks, in the order in which they begin.</summary>
internal sealed class AnthropicContent
{
    private readonly List<AnthropicBlock> _blocks = [];
    private readonly Dictionary<ToolCall, AnthropicToolBlock> _calls = [];
    private AnthropicBlock? _openText;
    private int _whole;

    /// <summary>The blocks.</summary>
    public IReadOnlyList<AnthropicBlock> Blocks => _blocks;

    /// <summary>Whether the model refused to answer.</summary>
    public bool IsRefusal { get; private set; }

    /// <summary>Adds a piece of the answer or of the reasoning.</summary>
    public void AddText(StreamEventKind kind, ReadOnlySpan<byte> text, in TextMetadata metadata)
    {
        IsRefusal |= metadata.IsRefusal;
        if (text.IsEmpty && metadata.Annotations.IsEmpty && metadata.Extra.IsEmpty)
            return;

        if (kind == StreamEventKind.Output)
            OpenText().Add(text, metadata);
        else
            OpenThinking().Add(text, metadata.Extra);
    }

    /// <summary>Adds what an event adds to a call.</summary>
    public void AddCall(in ToolCallUpdate update)
    {
        if (!_calls.TryGetValue(update.Call, out var block))
        {
            CloseText();
            _calls[update.Call] = block = new(_blocks.Count, update.Call);
            _blocks.Add(block);
        }

        block.AddExtra(update.Extra);
        if (update.Completes)
            block.Complete();
    }

    /// <summary>Marks all blocks as complete.</summary>
    public void Complete()
    {
        foreach (var block in _blocks.Where(static block => !block.IsComplete))
            block.Complete();
    }

    /// <summary>Writes what was not written before. Clients have one block open at a time, so that a block waits for the end of the one before.</summary>
    public void Send(SseWriter output)
    {
        for (; _whole < _blocks.Count; _whole++)
        {
            _blocks[_whole].Send(output);
            if (!_blocks[_whole].IsComplete)
                return;

            _blocks[_whole].SendStop(output);
        }
    }

    /// <summary>Writes all that was not written before, and leaves blocks open that are not complete: an error follows.</summary>
    public void SendIncomplete(SseWriter output)
    {
        foreach (var block in _blocks.Skip(_whole))
            block.Send(output);
    }

    private AnthropicTextBlock OpenText()
    {
        if (_openText is AnthropicTextBlock open)
            return open;

        var block = new AnthropicTextBlock(_blocks.Count);
        Open(block);
        return block;
    }

    private AnthropicThinkingBlock OpenThinking()
    {
        if (_openText is AnthropicThinkingBlock { IsSigned: false } open)
            return open;

        var block = new AnthropicThinkingBlock(_blocks.Count);
        Open(block);
        return block;
    }

    private void Open(AnthropicBlock block)
    {
        CloseText();
        _openText = block;
        _blocks.Add(block);
    }

    private void CloseText()
    {
        _openText?.Complete();
        _openText = null;
    }
}
