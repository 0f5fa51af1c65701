using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>A text of the answer, with the pages that it cites.</summary>
internal sealed class AnthropicTextBlock(int index) : AnthropicBlock(index)
{
    private readonly Utf8Buffer _text = new();
    private readonly List<ReadOnlyMemory<byte>> _citations = [];
    private readonly ExtraFields _extra = new();

    /// <summary>Adds a piece.</summary>
    public void Add(ReadOnlySpan<byte> text, in TextMetadata metadata)
    {
        _text.Write(text);
        _citations.AddRange(JsonSlices.Items(metadata.Annotations));
        _extra.Add(metadata.Extra);
    }

    public override void WriteWhole(ref FrameJson json)
    {
        json.Token("type"u8, "text"u8);
        json.Text("text"u8, _text.WrittenSpan);
        if (_citations.Count > 0)
        {
            json.BeginArray("citations"u8);
            foreach (var citation in _citations)
            {
                json.BeginObject();
                AnthropicCitation.Write(ref json, citation);
                json.EndObject();
            }

            json.EndArray();
        }

        _extra.MoveTo(ref json, "x_extra"u8);
    }

    protected override void WriteStart(ref FrameJson json)
    {
        json.Token("type"u8, "text"u8);
        json.Token("text"u8, default);
        _extra.MoveTo(ref json, "x_extra"u8);
    }

    protected override void WriteDeltas(SseWriter output)
    {
        if (_text.WrittenCount > 0 || !_extra.IsEmpty)
        {
            var json = output.BeginDelta(Index, "text_delta"u8);
            json.Text("text"u8, _text.WrittenSpan);
            _extra.MoveTo(ref json, "x_extra"u8);
            output.EndDelta(json);
        }

        foreach (var citation in _citations)
        {
            var json = output.BeginDelta(Index, "citations_delta"u8);
            json.BeginObject("citation"u8);
            AnthropicCitation.Write(ref json, citation);
            json.EndObject();
            output.EndDelta(json);
        }

        _text.Clear();
        _citations.Clear();
    }
}
