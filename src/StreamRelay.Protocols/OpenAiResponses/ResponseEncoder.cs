using System.Buffers;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;
using StreamRelay.Protocols.Tools;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Encodes a task as the events of one response, numbered from 0.</summary>
internal sealed class ResponseEncoder(TaskRequest request) : IStreamEncoder
{
    private readonly ToolCalls _calls = new(callersOnly: true);
    private ResponseItem? _speech;
    private long _sequence;

    /// <summary>The response as far as it was encoded.</summary>
    public ResponseState Response { get; } = new(request);

    public void Encode(in StreamEntry entry, SseWriter output)
    {
        var said = entry.Event;
        switch (said.Kind)
        {
            case StreamEventKind.Start:
                Response.Begin(said);
                WriteResponse(output, "response.created"u8, withOutput: false);
                WriteResponse(output, "response.in_progress"u8, withOutput: false);
                break;
            case StreamEventKind.Output:
                Speak(output, ResponseItemKind.Message, said);
                break;
            case StreamEventKind.Thought:
                Speak(output, ResponseItemKind.Reasoning, said);
                break;
            case StreamEventKind.ActionStart or StreamEventKind.ActionDelta or StreamEventKind.Action:
                Call(output, said);
                break;
            case StreamEventKind.Usage:
                Response.Use(said);
                break;
            case StreamEventKind.End or StreamEventKind.Error:
                End(output, said);
                break;
        }
    }

    /// <summary>Folds an entry for the response alone.</summary>
    public void Skip(in StreamEntry entry, SseWriter frames)
    {
        Encode(entry, frames);
        frames.Take(entry.Offset);
    }

    private void Speak(SseWriter output, ResponseItemKind kind, StreamEvent said)
    {
        if (_speech?.Kind != kind)
        {
            CloseOutput(output, isWhole: true);
            _speech = Open(output, kind, null);
            var part = BeginPart(output, _speech, "response.content_part.added"u8, "response.reasoning_summary_part.added"u8);
            part.Write(",\"part\":"u8);
            _speech.WritePart(part, default);
            End(output, part);
        }

        _speech.Text.Write(said.Content.Span);
        var json = BeginPart(output, _speech, "response.output_text.delta"u8, "response.reasoning_summary_text.delta"u8);
        json.Write(",\"delta\":"u8);
        json.WriteString(said.Content.Span);
        EndText(output, _speech, json);
    }

    private void CloseOutput(SseWriter output, bool isWhole)
    {
        if (_speech is not { } item)
            return;

        _speech = null;
        var text = BeginPart(output, item, "response.output_text.done"u8, "response.reasoning_summary_text.done"u8);
        text.Write(",\"text\":"u8);
        text.WriteString(item.Text.WrittenSpan);
        EndText(output, item, text);
        var part = BeginPart(output, item, "response.content_part.done"u8, "response.reasoning_summary_part.done"u8);
        part.Write(",\"part\":"u8);
        item.WritePart(part, item.Text.WrittenSpan);
        End(output, part);
        Close(output, item, isWhole);
    }

    private void Call(SseWriter output, StreamEvent said)
    {
        if (_calls.Take(said, out var isNew) is not { } call)
            return;

        if (isNew)
        {
            CloseOutput(output, isWhole: true);
            Open(output, ResponseItemKind.FunctionCall, call);
        }

        var item = Response.Items.First(item => item.Call == call);
        if (call.Add(said) is { IsEmpty: false } arguments)
        {
            var delta = BeginItem(output, item, "response.function_call_arguments.delta"u8);
            delta.Write(",\"delta\":"u8);
            delta.WriteString(arguments.Span);
            End(output, delta);
        }

        if (call.IsComplete && item.IsOpen)
            CloseCall(output, item, isWhole: true);
    }

    private void CloseCall(SseWriter output, ResponseItem item, bool isWhole)
    {
        var json = BeginItem(output, item, "response.function_call_arguments.done"u8);
        json.Write(",\"name\":"u8);
        json.WriteString(item.Call!.Name);
        json.Write(",\"arguments\":"u8);
        json.WriteString(item.Text.WrittenSpan);
        End(output, json);
        Close(output, item, isWhole);
    }

    private void End(SseWriter output, StreamEvent terminal)
    {
        Response.End(terminal);
        var status = Response.EndStatus;
        CloseOutput(output, status == "completed");
        foreach (var item in Response.Items.Where(item => item.IsOpen))
            CloseCall(output, item, status == "completed");

        // There is no event for a response that was cancelled; its status says it.
        WriteResponse(output, status switch { "completed" => "response.completed"u8, "failed" => "response.failed"u8, _ => "response.incomplete"u8 }, withOutput: true);
    }

    private ResponseItem Open(SseWriter output, ResponseItemKind kind, ToolCall? call)
    {
        var item = new ResponseItem(request, Response.Items.Count, kind, call);
        Response.Add(item);
        WriteItem(output, item, "response.output_item.added"u8, isNew: true);
        return item;
    }

    private void Close(SseWriter output, ResponseItem item, bool isWhole)
    {
        item.Close(isWhole);
        WriteItem(output, item, "response.output_item.done"u8, isNew: false);
    }

    private void WriteItem(SseWriter output, ResponseItem item, ReadOnlySpan<byte> type, bool isNew)
    {
        var json = Begin(output, type);
        json.Write(",\"output_index\":"u8);
        json.WriteNumber(item.Index);
        json.Write(",\"item\":"u8);
        item.Write(json, isNew);
        End(output, json);
    }

    private void WriteResponse(SseWriter output, ReadOnlySpan<byte> type, bool withOutput)
    {
        var json = Begin(output, type);
        json.Write(",\"response\":"u8);
        Response.Write(json, "in_progress", withOutput);
        End(output, json);
    }

    private static ArrayBufferWriter<byte> Begin(SseWriter output, ReadOnlySpan<byte> type)
    {
        var json = output.BeginFrame(type);
        json.Write("{\"type\":\""u8);
        json.Write(type);
        json.Write("\""u8);
        return json;
    }

    private static ArrayBufferWriter<byte> BeginItem(SseWriter output, ResponseItem item, ReadOnlySpan<byte> type)
    {
        var json = Begin(output, type);
        json.Write(",\"item_id\":"u8);
        json.WriteString(item.Id.Span);
        json.Write(",\"output_index\":"u8);
        json.WriteNumber(item.Index);
        return json;
    }

    private static ArrayBufferWriter<byte> BeginPart(SseWriter output, ResponseItem item, ReadOnlySpan<byte> ofMessage, ReadOnlySpan<byte> ofReasoning)
    {
        var isMessage = item.Kind == ResponseItemKind.Message;
        var json = BeginItem(output, item, isMessage ? ofMessage : ofReasoning);
        json.Write(isMessage ? ",\"content_index\":0"u8 : ",\"summary_index\":0"u8);
        return json;
    }

    private void EndText(SseWriter output, ResponseItem item, ArrayBufferWriter<byte> json)
    {
        if (item.Kind == ResponseItemKind.Message)
            json.Write(",\"logprobs\":[]"u8);

        End(output, json);
    }

    private void End(SseWriter output, ArrayBufferWriter<byte> json)
    {
        json.Write(",\"sequence_number\":"u8);
        json.WriteNumber(_sequence++);
        json.Write("}"u8);
        output.EndFrame();
    }
}
