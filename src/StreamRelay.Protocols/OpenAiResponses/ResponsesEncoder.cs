using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Encodes a task as the events of one response, numbered from 0.</summary>
internal sealed partial class ResponsesEncoder(TaskRequest request) : EventEncoder(onlyCallsForCaller: true)
{
    private ResponsesItem? _textItem;
    private bool _isWhole = true;
    private long _sequence;

    /// <summary>The response so far.</summary>
    public ResponsesState Response { get; } = new(request);

    private protected override void OnStart(StreamEvent start)
    {
        Response.Begin(start);
        WriteResponse("response.created"u8, withOutput: false);
        WriteResponse("response.in_progress"u8, withOutput: false);
    }

    private protected override void OnText(StreamEventKind kind, ReadOnlySpan<byte> text)
    {
        OpenText(kind);
        _textItem!.Text.Write(text);
        var json = BeginPart(_textItem, "response.output_text.delta"u8, "response.reasoning_summary_text.delta"u8);
        json.Text("delta"u8, text);
        EndText(_textItem, json);
    }

    private protected override void OnTextStart(StreamEventKind kind)
    {
        _textItem = Open(kind == StreamEventKind.Output ? ResponsesItemKind.Message : ResponsesItemKind.Reasoning, null);
        WritePart(_textItem, "response.content_part.added"u8, "response.reasoning_summary_part.added"u8, default);
    }

    private protected override void OnTextEnd(StreamEventKind kind)
    {
        var item = _textItem!;
        var text = BeginPart(item, "response.output_text.done"u8, "response.reasoning_summary_text.done"u8);
        text.Text("text"u8, item.Text.WrittenSpan);
        EndText(item, text);
        WritePart(item, "response.content_part.done"u8, "response.reasoning_summary_part.done"u8, item.Text.WrittenSpan);
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
            var delta = BeginItem(item, "response.function_call_arguments.delta"u8);
            delta.Text("delta"u8, update.Arguments.Span);
            End(delta);
        }

        if (update.Completes)
            CloseCall(item);
    }

    private protected override void OnEnd(in EndMetadata end) => Finish(ResponsesEnd.Of(end, Usage));

    private protected override void OnError(StreamEvent error, in ErrorMetadata metadata) => Finish(ResponsesEnd.Of(error, metadata, Usage));

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
        var json = BeginItem(item, "response.function_call_arguments.done"u8);
        json.Text("name"u8, item.Call!.Name);
        json.Text("arguments"u8, item.Text.WrittenSpan);
        End(json);
        Close(item);
    }

    private void Close(ResponsesItem item)
    {
        item.Close(_isWhole);
        WriteItem(item, "response.output_item.done"u8, isNew: false);
    }
}
