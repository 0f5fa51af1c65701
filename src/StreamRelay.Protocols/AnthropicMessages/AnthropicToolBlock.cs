using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>A tool call that the client has to run.</summary>
internal sealed class AnthropicToolBlock(int index, ToolCall call) : AnthropicBlock(index)
{
    private readonly ExtraFields _lateExtra = new();
    private bool _isSent;
    private int _sent;

    /// <summary>Adds fields of the model's server; those of the first event are a part of the call already.</summary>
    public void AddExtra(ReadOnlyMemory<byte> extra)
    {
        if (_isSent)
            _lateExtra.Add(extra);
    }

    public override void WriteWhole(ref FrameJson json)
    {
        WriteHead(ref json);
        call.WriteInput(ref json, "input"u8);
        WriteRest(ref json);
    }

    protected override void WriteStart(ref FrameJson json)
    {
        _isSent = true;
        WriteHead(ref json);
        json.Raw("input"u8, "{}"u8);
        WriteRest(ref json);
    }

    protected override void WriteDeltas(SseWriter output)
    {
        var piece = Piece();
        if (piece.IsEmpty && _lateExtra.IsEmpty)
            return;

        var json = output.BeginDelta(Index, "input_json_delta"u8);
        json.Text("partial_json"u8, piece.Span);
        _lateExtra.MoveTo(ref json, "x_extra"u8);
        output.EndDelta(json);
    }

    private void WriteHead(ref FrameJson json)
    {
        json.Token("type"u8, "tool_use"u8);
        json.Text("id"u8, call.Id);
        json.Text("name"u8, call.Name);
    }

    private void WriteRest(ref FrameJson json)
    {
        json.BeginObject("caller"u8);
        json.Token("type"u8, "direct"u8);
        json.EndObject();
        if (call.IsCustom)
            json.Boolean("x_custom"u8, true);
        if (!call.Extra.IsEmpty)
            json.Value("x_extra"u8, call.Extra.Span);
    }

    /// <summary>The new piece of the arguments. The text of a custom tool is a JSON string once it is whole.</summary>
    private ReadOnlyMemory<byte> Piece()
    {
        if (call.IsCustom)
            return IsComplete ? Quote(call.Arguments.WrittenSpan) : default;

        var piece = call.Arguments.WrittenMemory[_sent..];
        _sent = call.Arguments.WrittenCount;
        return piece;
    }

    private static ReadOnlyMemory<byte> Quote(ReadOnlySpan<byte> text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            json.WriteStringValue(text);

        return buffer.WrittenMemory;
    }
}
