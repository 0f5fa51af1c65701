using System.Text;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>A piece of reasoning with its signature, or encrypted reasoning.</summary>
internal sealed class AnthropicThinkingBlock(int index) : AnthropicBlock(index)
{
    private readonly Utf8Buffer _text = new();
    private readonly ExtraFields _extra = new();
    private AnthropicSignature _signature;
    private bool _hasText;

    /// <summary>Whether it has its signature: what follows is reasoning of its own.</summary>
    public bool IsSigned { get; private set; }

    /// <summary>Encrypted reasoning has another type, which shows at its end only.</summary>
    protected override bool CanBegin => _hasText || IsComplete;

    /// <summary>Adds a piece.</summary>
    public void Add(ReadOnlySpan<byte> text, ReadOnlyMemory<byte> extra)
    {
        _text.Write(text);
        _extra.Add(extra);
        _hasText |= !text.IsEmpty;
        IsSigned |= AnthropicSignature.IsIn(extra);
    }

    public override void Complete()
    {
        base.Complete();
        _signature = AnthropicSignature.Of(_hasText, _extra.ToJson());
    }

    public override void WriteWhole(ref FrameJson json) => Write(ref json, _text.WrittenSpan, Encoding.UTF8.GetBytes(_signature.Text));

    protected override void WriteStart(ref FrameJson json) =>
        Write(ref json, default, _signature.IsEncrypted ? Encoding.UTF8.GetBytes(_signature.Text) : default);

    protected override void WriteDeltas(SseWriter output)
    {
        if (_text.WrittenCount > 0)
        {
            var json = output.BeginDelta(Index, "thinking_delta"u8);
            json.Text("thinking"u8, _text.WrittenSpan);
            output.EndDelta(json);
        }

        _text.Clear();
        if (!IsComplete || _signature.IsEncrypted || _signature.Text.Length == 0)
            return;

        var signature = output.BeginDelta(Index, "signature_delta"u8);
        signature.Text("signature"u8, _signature.Text);
        output.EndDelta(signature);
    }

    private void Write(ref FrameJson json, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        if (_signature.IsEncrypted)
        {
            json.Token("type"u8, "redacted_thinking"u8);
            json.Text("data"u8, signature);
            return;
        }

        json.Token("type"u8, "thinking"u8);
        json.Text("thinking"u8, text);
        json.Text("signature"u8, signature);
    }
}
