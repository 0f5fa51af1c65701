using System.Buffers;
using System.Text;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;
using StreamRelay.Protocols.Tools;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AgUi;

/// <summary>Encodes a task as the events of one run. Whatever is open is closed before the run finishes: clients insist on it.</summary>
internal sealed class AgUiEncoder(TaskRequest request) : IStreamEncoder
{
    private readonly byte[] _id = Encoding.UTF8.GetBytes(request.Id.ToString());
    private readonly ToolCalls _calls = new(callersOnly: false);
    private readonly List<byte[]> _steps = [];
    private byte[] _thread = [];
    private byte[] _run = [];
    private StreamEventKind? _open;
    private int _messages;
    private long _time;
    private TaskUsage _usage = new(0, 0, true);

    public void Encode(in StreamEntry entry, SseWriter output)
    {
        var said = entry.Event;
        _time = entry.Time.ToUnixTimeMilliseconds();
        switch (said.Kind)
        {
            case StreamEventKind.Start:
                (_thread, _run) = AgUiRun.Read(said, request);
                End(output, BeginRun(output, "RUN_STARTED"u8));
                break;
            case StreamEventKind.Output or StreamEventKind.Thought:
                Speak(output, said);
                break;
            case StreamEventKind.StepStart:
                StartStep(output, said.Content.ToArray());
                break;
            case StreamEventKind.StepEnd:
                FinishStep(output, said.Content.Span);
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
                Finish(output, said);
                break;
            case StreamEventKind.Error:
                Fail(output, said);
                break;
        }
    }

    private void Speak(SseWriter output, StreamEvent said)
    {
        if (said.Content.IsEmpty)
            return;
        if (_open != said.Kind)
        {
            CloseMessage(output);
            OpenMessage(output, said.Kind);
        }

        var json = BeginMessage(output, _open == StreamEventKind.Output ? "TEXT_MESSAGE_CONTENT"u8 : "REASONING_MESSAGE_CONTENT"u8);
        json.Write(",\"delta\":"u8);
        json.WriteString(said.Content.Span);
        End(output, json);
    }

    private void OpenMessage(SseWriter output, StreamEventKind kind)
    {
        _open = kind;
        _messages++;
        if (kind == StreamEventKind.Thought)
            End(output, BeginMessage(output, "REASONING_START"u8));

        var json = BeginMessage(output, kind == StreamEventKind.Output ? "TEXT_MESSAGE_START"u8 : "REASONING_MESSAGE_START"u8);
        json.Write(kind == StreamEventKind.Output ? ",\"role\":\"assistant\""u8 : ",\"role\":\"reasoning\""u8);
        End(output, json);
    }

    private void CloseMessage(SseWriter output)
    {
        if (_open is not { } kind)
            return;

        _open = null;
        End(output, BeginMessage(output, kind == StreamEventKind.Output ? "TEXT_MESSAGE_END"u8 : "REASONING_MESSAGE_END"u8));
        if (kind == StreamEventKind.Thought)
            End(output, BeginMessage(output, "REASONING_END"u8));
    }

    private void StartStep(SseWriter output, byte[] name)
    {
        if (_steps.Exists(step => step.AsSpan().SequenceEqual(name)))
            return;

        _steps.Add(name);
        WriteStep(output, "STEP_STARTED"u8, name);
    }

    private void FinishStep(SseWriter output, ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < _steps.Count; index++)
        {
            if (!name.SequenceEqual(_steps[index]))
                continue;

            WriteStep(output, "STEP_FINISHED"u8, name);
            _steps.RemoveAt(index);
            return;
        }
    }

    private void WriteStep(SseWriter output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> name)
    {
        var json = Begin(output, type);
        json.Write(",\"stepName\":"u8);
        json.WriteString(name);
        End(output, json);
    }

    private void Act(SseWriter output, StreamEvent said)
    {
        var call = _calls.Take(said, out var isNew)!;
        if (isNew)
        {
            CloseMessage(output);
            var start = BeginCall(output, "TOOL_CALL_START"u8, call.Id);
            start.Write(",\"toolCallName\":"u8);
            start.WriteString(call.Name);
            End(output, start);
        }

        if (call.IsComplete)
            return;
        if (call.Add(said) is { IsEmpty: false } arguments)
        {
            var json = BeginCall(output, "TOOL_CALL_ARGS"u8, call.Id);
            json.Write(",\"delta\":"u8);
            json.WriteString(arguments.Span);
            End(output, json);
        }

        if (call.IsComplete)
            End(output, BeginCall(output, "TOOL_CALL_END"u8, call.Id));
    }

    private void Observe(SseWriter output, StreamEvent said)
    {
        CloseMessage(output);
        var id = said.Field("tool_call_id");
        if (_calls.Find(id)?.TryComplete() == true)
            End(output, BeginCall(output, "TOOL_CALL_END"u8, id));

        _messages++;
        var json = BeginCall(output, "TOOL_CALL_RESULT"u8, id);
        WriteMessageId(json);
        json.Write(",\"role\":\"tool\",\"content\":"u8);
        json.WriteString(said.Content.IsEmpty ? Output(said) : said.Content.Span);
        End(output, json);
    }

    private static ReadOnlySpan<byte> Output(StreamEvent said)
    {
        var text = new ArrayBufferWriter<byte>();
        return text.WriteField(said, "output"u8) ? text.WrittenSpan : default;
    }

    private void WriteFile(SseWriter output, StreamEvent said)
    {
        var json = Begin(output, "CUSTOM"u8);
        json.Write(",\"name\":\"file\",\"value\":"u8);
        json.WriteMetadata(said);
        End(output, json);
    }

    private void WriteData(SseWriter output, StreamEvent said)
    {
        var json = Begin(output, "CUSTOM"u8);
        json.Write(",\"name\":"u8);
        json.WriteString(said.Field("name"));
        json.Write(",\"value\":"u8);
        if (!json.WriteField(said, "data"u8))
            json.Write("null"u8);

        End(output, json);
    }

    private void Finish(SseWriter output, StreamEvent end)
    {
        CloseMessage(output);
        foreach (var call in _calls.All.Where(call => call.TryComplete()))
            End(output, BeginCall(output, "TOOL_CALL_END"u8, call.Id));
        while (_steps.Count > 0)
            FinishStep(output, _steps[^1]);

        var json = BeginRun(output, "RUN_FINISHED"u8);
        json.Write(end.IsStopped() ? ",\"outcome\":{\"type\":\"cancelled\"}"u8 : ",\"outcome\":{\"type\":\"success\"}"u8);
        WriteUsage(json);
        End(output, json);
    }

    private void Fail(SseWriter output, StreamEvent error)
    {
        CloseMessage(output);
        var json = Begin(output, "RUN_ERROR"u8);
        json.Write(",\"message\":"u8);
        json.WriteString(error.Content.Span);
        json.Write(",\"code\":"u8);
        json.WriteString(error.Field("code"));
        WriteUsage(json);
        End(output, json);
    }

    private void WriteUsage(ArrayBufferWriter<byte> json)
    {
        json.Write(",\"usage\":[{\"inputTokens\":"u8);
        json.WriteNumber(_usage.PromptTokens);
        json.Write(",\"outputTokens\":"u8);
        json.WriteNumber(_usage.CompletionTokens);
        json.Write(",\"totalTokens\":"u8);
        json.WriteNumber(_usage.TotalTokens);
        json.Write("}]"u8);
    }

    private ArrayBufferWriter<byte> BeginRun(SseWriter output, ReadOnlySpan<byte> type)
    {
        var json = Begin(output, type);
        json.Write(",\"threadId\":"u8);
        json.WriteString(_thread);
        json.Write(",\"runId\":"u8);
        json.WriteString(_run);
        return json;
    }

    private ArrayBufferWriter<byte> BeginMessage(SseWriter output, ReadOnlySpan<byte> type)
    {
        var json = Begin(output, type);
        WriteMessageId(json);
        return json;
    }

    private static ArrayBufferWriter<byte> BeginCall(SseWriter output, ReadOnlySpan<byte> type, string id)
    {
        var json = Begin(output, type);
        json.Write(",\"toolCallId\":"u8);
        json.WriteString(id);
        return json;
    }

    private static ArrayBufferWriter<byte> Begin(SseWriter output, ReadOnlySpan<byte> type)
    {
        var json = output.BeginFrame();
        json.Write("{\"type\":\""u8);
        json.Write(type);
        json.Write("\""u8);
        return json;
    }

    private void WriteMessageId(ArrayBufferWriter<byte> json)
    {
        json.Write(",\"messageId\":\"msg_"u8);
        json.Write(_id);
        json.Write("_"u8);
        json.WriteNumber(_messages);
        json.Write("\""u8);
    }

    private void End(SseWriter output, ArrayBufferWriter<byte> json)
    {
        json.Write(",\"timestamp\":"u8);
        json.WriteNumber(_time);
        json.Write("}"u8);
        output.EndFrame();
    }
}
