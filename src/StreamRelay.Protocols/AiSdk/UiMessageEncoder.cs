using System.Buffers;
using System.Text;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;
using StreamRelay.Protocols.Tools;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>Encodes a task as the chunks of one UI message.</summary>
internal sealed class UiMessageEncoder(TaskRequest request) : IStreamEncoder
{
    private readonly ToolCalls _calls = new(callersOnly: false);
    private StreamEventKind? _open;
    private int _parts;
    private bool _inStep;
    private TaskUsage _usage = new(0, 0, true);

    public void Encode(in StreamEntry entry, SseWriter output)
    {
        var said = entry.Event;
        switch (said.Kind)
        {
            case StreamEventKind.Start:
                WriteStart(output);
                break;
            case StreamEventKind.Output or StreamEventKind.Thought:
                Speak(output, said);
                break;
            case StreamEventKind.StepStart:
                CloseStep(output);
                OpenStep(output);
                break;
            case StreamEventKind.StepEnd:
                CloseStep(output);
                break;
            case StreamEventKind.ActionStart or StreamEventKind.ActionDelta or StreamEventKind.Action:
                Act(output, said);
                break;
            case StreamEventKind.Observation:
                Observe(output, said);
                break;
            case StreamEventKind.File:
                WriteFile(output, said);
                break;
            case StreamEventKind.Usage:
                _usage = TaskUsage.FromMetadata(said.Metadata);
                break;
            case StreamEventKind.Data:
                WriteData(output, said);
                break;
            case StreamEventKind.End:
                End(output, said);
                break;
            case StreamEventKind.Error:
                Fail(output, said);
                break;
        }
    }

    private void WriteStart(SseWriter output)
    {
        var json = Begin(output, "start"u8);
        json.Write(",\"messageId\":\"msg_"u8);
        json.Write(Encoding.UTF8.GetBytes(request.Id.ToString()));
        json.Write("\",\"messageMetadata\":{\"taskId\":\""u8);
        json.Write(Encoding.UTF8.GetBytes(request.Id.ToString()));
        json.Write("\"}"u8);
        End(output, json);
    }

    private void Speak(SseWriter output, StreamEvent said)
    {
        if (_open != said.Kind)
        {
            ClosePart(output);
            OpenStep(output);
            _open = said.Kind;
            _parts++;
            End(output, BeginPart(output, "text-start"u8, "reasoning-start"u8));
        }

        var json = BeginPart(output, "text-delta"u8, "reasoning-delta"u8);
        json.Write(",\"delta\":"u8);
        json.WriteString(said.Content.Span);
        End(output, json);
    }

    private void ClosePart(SseWriter output)
    {
        if (_open is null)
            return;

        End(output, BeginPart(output, "text-end"u8, "reasoning-end"u8));
        _open = null;
    }

    private void OpenStep(SseWriter output)
    {
        if (_inStep)
            return;

        _inStep = true;
        End(output, Begin(output, "start-step"u8));
    }

    /// <summary>Closes what is open before the step itself: older clients forget open parts at its end.</summary>
    private void CloseStep(SseWriter output)
    {
        ClosePart(output);
        if (!_inStep)
            return;

        _inStep = false;
        End(output, Begin(output, "finish-step"u8));
    }

    private void Act(SseWriter output, StreamEvent said)
    {
        var call = _calls.Take(said, out var isNew)!;
        if (isNew)
        {
            ClosePart(output);
            OpenStep(output);
            var start = BeginTool(output, "tool-input-start"u8, call);
            start.Write(",\"toolName\":"u8);
            start.WriteString(call.Name);
            EndTool(output, start, call);
        }

        if (call.Add(said) is { IsEmpty: false } arguments)
        {
            var delta = BeginTool(output, "tool-input-delta"u8, call);
            delta.Write(",\"inputTextDelta\":"u8);
            delta.WriteString(arguments.Span);
            End(output, delta);
        }

        if (said.Kind == StreamEventKind.Action)
            WriteInput(output, call);
    }

    private static void WriteInput(SseWriter output, ToolCall call)
    {
        var json = BeginTool(output, "tool-input-available"u8, call);
        json.Write(",\"toolName\":"u8);
        json.WriteString(call.Name);
        json.Write(",\"input\":"u8);
        call.WriteInput(json);
        EndTool(output, json, call);
    }

    private void Observe(SseWriter output, StreamEvent said)
    {
        if (_calls.Find(said.Field("tool_call_id")) is not { } call)
        {
            // A result needs its call; one whose call was made elsewhere is still told.
            var data = Begin(output, "data-observation"u8);
            data.Write(",\"data\":"u8);
            data.WriteMetadata(said);
            End(output, data);
            return;
        }

        if (call.TryComplete())
            WriteInput(output, call);
        if (said.Flag("is_error"))
        {
            var error = BeginTool(output, "tool-output-error"u8, call);
            error.Write(",\"errorText\":"u8);
            error.WriteString(said.Content.Span);
            EndTool(output, error, call);
            return;
        }

        var json = BeginTool(output, "tool-output-available"u8, call);
        json.Write(",\"output\":"u8);
        if (!json.WriteField(said, "output"u8))
            json.WriteString(said.Content.Span);

        EndTool(output, json, call);
    }

    private void WriteFile(SseWriter output, StreamEvent said)
    {
        ClosePart(output);
        var json = Begin(output, "file"u8);
        json.Write(",\"url\":"u8);
        json.WriteString(said.Field("url"));
        json.Write(",\"mediaType\":"u8);
        json.WriteString(said.Field("media_type"));
        End(output, json);
    }

    private static void WriteData(SseWriter output, StreamEvent said)
    {
        var json = output.BeginFrame();
        json.Write("{\"type\":\"data-"u8);
        json.WriteEscaped(Encoding.UTF8.GetBytes(said.Field("name")));
        json.Write("\",\"data\":"u8);
        if (!json.WriteField(said, "data"u8))
            json.Write("null"u8);

        End(output, json);
    }

    private void End(SseWriter output, StreamEvent end)
    {
        CloseStep(output);
        if (end.IsStopped())
        {
            End(output, Begin(output, "abort"u8));
        }
        else
        {
            var json = Begin(output, "finish"u8);
            json.Write(",\"messageMetadata\":{\"usage\":{\"inputTokens\":"u8);
            json.WriteNumber(_usage.PromptTokens);
            json.Write(",\"outputTokens\":"u8);
            json.WriteNumber(_usage.CompletionTokens);
            json.Write(",\"totalTokens\":"u8);
            json.WriteNumber(_usage.TotalTokens);
            json.Write("}}"u8);
            End(output, json);
        }

        output.BeginFrame().Write("[DONE]"u8);
        output.EndFrame();
    }

    private void Fail(SseWriter output, StreamEvent error)
    {
        CloseStep(output);
        var data = Begin(output, "data-error"u8);
        data.Write(",\"data\":"u8);
        data.WriteMetadata(error);
        End(output, data);
        var json = Begin(output, "error"u8);
        json.Write(",\"errorText\":"u8);
        json.WriteString(error.Content.Span);
        End(output, json);
    }

    private ArrayBufferWriter<byte> BeginPart(SseWriter output, ReadOnlySpan<byte> ofText, ReadOnlySpan<byte> ofReasoning)
    {
        var isText = _open == StreamEventKind.Output;
        var json = Begin(output, isText ? ofText : ofReasoning);
        json.Write(isText ? ",\"id\":\"text-"u8 : ",\"id\":\"reasoning-"u8);
        json.WriteNumber(_parts);
        json.Write("\""u8);
        return json;
    }

    private static ArrayBufferWriter<byte> BeginTool(SseWriter output, ReadOnlySpan<byte> type, ToolCall call)
    {
        var json = Begin(output, type);
        json.Write(",\"toolCallId\":"u8);
        json.WriteString(call.Id);
        return json;
    }

    private static void EndTool(SseWriter output, ArrayBufferWriter<byte> json, ToolCall call)
    {
        if (!call.IsCallers)
            json.Write(",\"providerExecuted\":true"u8);

        End(output, json);
    }

    private static ArrayBufferWriter<byte> Begin(SseWriter output, ReadOnlySpan<byte> type)
    {
        var json = output.BeginFrame();
        json.Write("{\"type\":\""u8);
        json.Write(type);
        json.Write("\""u8);
        return json;
    }

    private static void End(SseWriter output, ArrayBufferWriter<byte> json)
    {
        json.Write("}"u8);
        output.EndFrame();
    }
}
