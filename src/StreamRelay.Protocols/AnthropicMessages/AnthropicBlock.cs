using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>One block of the content of a message.</summary>
internal abstract class AnthropicBlock(int index)
{
    private bool _isBegun;

    /// <summary>Its index in the content.</summary>
    protected int Index => index;

    /// <summary>Whether nothing is added any more.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether its type is known.</summary>
    protected virtual bool CanBegin => true;

    /// <summary>Marks it as complete.</summary>
    public virtual void Complete() => IsComplete = true;

    /// <summary>Writes what was not written before: its start, and what was added.</summary>
    public void Send(SseWriter output)
    {
        if (!_isBegun && !CanBegin)
            return;

        if (!_isBegun)
        {
            _isBegun = true;
            var json = output.BeginEvent("content_block_start"u8);
            json.Number("index"u8, index);
            json.BeginObject("content_block"u8);
            WriteStart(ref json);
            json.EndObject();
            output.EndEvent(json);
        }

        WriteDeltas(output);
    }

    /// <summary>Writes that it is whole.</summary>
    public void SendStop(SseWriter output)
    {
        var json = output.BeginEvent("content_block_stop"u8);
        json.Number("index"u8, index);
        output.EndEvent(json);
    }

    /// <summary>Writes its members with all that was added. Use it for a block that was never sent.</summary>
    public abstract void WriteWhole(ref FrameJson json);

    /// <summary>Writes its members without what the deltas add.</summary>
    protected abstract void WriteStart(ref FrameJson json);

    /// <summary>Writes what was added since the last call.</summary>
    protected abstract void WriteDeltas(SseWriter output);
}
