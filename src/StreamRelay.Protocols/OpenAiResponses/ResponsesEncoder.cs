using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Encodes a task as the events of one response, numbered from 0.</summary>
internal sealed partial class ResponsesEncoder(TaskRequest request) : EventEncoder(onlyCallsForCaller: true)
{
    private ResponsesItem? _textItem;
    private bool _isWhole = true;
    private bool _isRefusal;
    private long _sequence;

    /// <summary>The response so far.</summary>
    public ResponsesState Response { get; } = new(request);

    private protected override void OnStart(StreamEvent start)
    {
        Response.Begin(start);
        WriteResponse("response.created"u8, withOutput: false);
        WriteResponse("response.in_progress"u8, withOutput: false);
    }

    private protected override void OnText(StreamEventKind kind, ReadOnlySpan<byte> text, in TextMetadata metadata)
    {
        if (metadata.IsRefusal != _isRefusal)
            CloseText();

        _isRefusal = metadata.IsRefusal;
        OpenText(kind);
        var item = _textItem!;
        item.Text.Write(text);
        if (!metadata.Extra.IsEmpty)
            item.Extra = metadata.Extra;
        if (!text.IsEmpty || metadata.IsEmpty || !metadata.Logprobs.IsEmpty)
            WriteDelta(item, text, JsonSlices.Items(JsonSlices.Member(metadata.Logprobs, "content")));
        foreach (var annotation in JsonSlices.Items(metadata.Annotations))
            WriteAnnotation(item, ResponsesAnnotation.Of(annotation));
    }

    private protected override void OnTextStart(StreamEventKind kind)
    {
        _textItem = Open(kind == StreamEventKind.Thought ? ResponsesItemKind.Reasoning : _isRefusal ? ResponsesItemKind.Refusal : ResponsesItemKind.Message, null);
        WritePart(_textItem, ResponsesTextEvents.Added(_textItem.Kind), isNew: true);
    }

    private protected override void OnTextEnd(StreamEventKind kind)
    {
        var item = _textItem!;
        var text = BeginPart(item, ResponsesTextEvents.TextDone(item.Kind));
        text.Text(item.Kind == ResponsesItemKind.Refusal ? "refusal"u8 : "text"u8, item.Text.WrittenSpan);
        EndText(item, text, item.Logprobs);
        WritePart(item, ResponsesTextEvents.PartDone(item.Kind), isNew: false);
        Close(item);
    }

    private protected override void OnToolCall(in ToolCallUpdate update)
    {
        if (update.IsNew)
        {
            CloseText();
            Open(ResponsesItemKind.FunctionCall, update.Call);
        }

        var call = update.Call;
        var item = Response.Items.First(item => item.Call == call);
        if (!update.Arguments.IsEmpty)
        {
            var delta = BeginItem(item, ResponsesTextEvents.ArgumentsDelta(call));
            delta.Text("delta"u8, update.Arguments.Span);
            End(delta);
        }

        if (update.Completes)
            CloseCall(item);
    }

    private protected override void OnEnd(in EndMetadata end) => Finish(ResponsesEnd.Of(end, new(Usage, UsageDetails)));

    private protected override void OnError(StreamEvent error, in ErrorMetadata metadata) => Finish(ResponsesEnd.Of(error, metadata, new(Usage, UsageDetails)));

    private void WriteDelta(ResponsesItem item, ReadOnlySpan<byte> text, IReadOnlyList<ReadOnlyMemory<byte>> logprobs)
    {
        item.Logprobs.AddRange(logprobs);
        var json = BeginPart(item, ResponsesTextEvents.Delta(item.Kind));
        json.Text("delta"u8, text);
        EndText(item, json, logprobs);
    }

    private void Finish(ResponsesEnd end)
    {
        Response.End(end);
        _isWhole = end.IsWhole;
        CloseText();
        foreach (var item in Response.Items.Where(item => item.IsOpen))
            CloseCall(item);

        WriteResponse(end.EventType, withOutput: true);
    }

    private ResponsesItem Open(ResponsesItemKind kind, ToolCall? call)
    {
        var item = new ResponsesItem(request, Response.Items.Count, kind, call);
        Response.Add(item);
        WriteItem(item, "response.output_item.added"u8, isNew: true);
        return item;
    }

    private void CloseCall(ResponsesItem item)
    {
        var call = item.Call!;
        var json = BeginItem(item, ResponsesTextEvents.ArgumentsDone(call));
        json.Text("name"u8, call.Name);
        json.Text(call.IsCustom ? "input"u8 : "arguments"u8, item.Text.WrittenSpan);
        End(json);
        Close(item);
    }

    private void Close(ResponsesItem item)
    {
        item.Close(_isWhole);
        WriteItem(item, "response.output_item.done"u8, isNew: false);
    }
}
