using System.Buffers;
using System.Text;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;
using StreamRelay.Protocols.Tools;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>Encodes a task as chunks: role, deltas, one finish reason, the usage if asked for, <c>[DONE]</c>. The parts that never change are encoded once.</summary>
internal sealed class ChatEncoder(TaskRequest request) : IStreamEncoder
{
    private readonly ToolCalls _toolCalls = new(callersOnly: true);
    private byte[] _head = [];
    private byte[] _tail = [];
    private bool _includeUsage;
    private TaskUsage _usage = new(0, 0, true);

    public void Encode(in StreamEntry entry, SseWriter output)
    {
        var said = entry.Event;
        switch (said.Kind)
        {
            case StreamEventKind.Start:
                Begin(ChatStart.Read(said));
                WriteDelta(output, "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}"u8);
                break;
            case StreamEventKind.Output:
                WriteText(output, "{\"content\":"u8, said);
                break;
            case StreamEventKind.Thought:
                WriteText(output, "{\"reasoning_content\":"u8, said);
                break;
            case StreamEventKind.ActionStart or StreamEventKind.ActionDelta or StreamEventKind.Action:
                WriteToolCall(output, said);
                break;
            case StreamEventKind.File:
                WriteFile(output, said);
                break;
            case StreamEventKind.Usage:
                _usage = TaskUsage.FromMetadata(said.Metadata);
                break;
            case StreamEventKind.End:
                WriteEnd(output, said);
                break;
            case StreamEventKind.Error:
                output.BeginFrame().WriteError(said);
                output.EndFrame();
                break;
        }
    }

    private void Begin(ChatStart start)
    {
        var head = new ArrayBufferWriter<byte>();
        head.Write("{\"id\":"u8);
        head.WriteString(ChatJson.Id(request));
        head.Write(",\"object\":\"chat.completion.chunk\",\"created\":"u8);
        head.WriteNumber(start.Created);
        head.Write(",\"model\":"u8);
        head.WriteString(start.Model);
        head.Write(",\"system_fingerprint\":"u8);
        head.WriteString(start.SystemFingerprint);
        head.Write(",\"choices\":["u8);
        _head = head.WrittenSpan.ToArray();
        _includeUsage = start.IncludeUsage;
        _tail = Encoding.UTF8.GetBytes(_includeUsage ? "}],\"usage\":null" : "}]");
    }

    private ArrayBufferWriter<byte> BeginDelta(SseWriter output)
    {
        var json = output.BeginFrame();
        json.Write(_head);
        json.Write("{\"index\":0,\"delta\":"u8);
        return json;
    }

    private void EndDelta(SseWriter output, ArrayBufferWriter<byte> json, ReadOnlySpan<byte> finishReason = default)
    {
        json.Write(",\"logprobs\":null,\"finish_reason\":"u8);
        if (finishReason.IsEmpty)
            json.Write("null"u8);
        else
            json.WriteString(finishReason);

        json.Write(_tail);
        json.Write("}"u8);
        output.EndFrame();
    }

    private void WriteDelta(SseWriter output, ReadOnlySpan<byte> delta)
    {
        var json = BeginDelta(output);
        json.Write(delta);
        EndDelta(output, json);
    }

    private void WriteText(SseWriter output, ReadOnlySpan<byte> name, StreamEvent said)
    {
        var json = BeginDelta(output);
        json.Write(name);
        json.WriteString(said.Content.Span);
        json.Write("}"u8);
        EndDelta(output, json);
    }

    private void WriteToolCall(SseWriter output, StreamEvent action)
    {
        if (_toolCalls.Take(action, out var isNew) is not { } call)
            return;

        if (isNew)
        {
            var json = BeginToolCall(output, call);
            json.Write(",\"id\":"u8);
            json.WriteString(call.Id);
            json.Write(",\"type\":\"function\",\"function\":{\"name\":"u8);
            json.WriteString(call.Name);
            EndToolCall(output, json, ",\"arguments\":"u8, default);
        }

        var arguments = call.Add(action);
        if (!arguments.IsEmpty)
            EndToolCall(output, BeginToolCall(output, call), ",\"function\":{\"arguments\":"u8, arguments.Span);
    }

    private ArrayBufferWriter<byte> BeginToolCall(SseWriter output, ToolCall call)
    {
        var json = BeginDelta(output);
        json.Write("{\"tool_calls\":[{\"index\":"u8);
        json.WriteNumber(call.Index);
        return json;
    }

    private void EndToolCall(SseWriter output, ArrayBufferWriter<byte> json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments)
    {
        json.Write(name);
        json.WriteString(arguments);
        json.Write("}}]}"u8);
        EndDelta(output, json);
    }

    private void WriteFile(SseWriter output, StreamEvent file)
    {
        var json = BeginDelta(output);
        json.Write("{},\"logprobs\":null,\"finish_reason\":null"u8);
        json.Write(_tail);
        json.Write(",\"x_file\":"u8);
        json.WriteMetadata(file);
        json.Write("}"u8);
        output.EndFrame();
    }

    private void WriteEnd(SseWriter output, StreamEvent end)
    {
        var json = BeginDelta(output);
        json.Write("{},\"logprobs\":null,\"finish_reason\":"u8);
        json.WriteString(ChatJson.FinishReason(end));
        json.Write(_tail);
        json.Write(end.IsStopped() ? ",\"x_status\":\"stopped\"}"u8 : "}"u8);
        output.EndFrame();
        if (_includeUsage)
            WriteUsage(output);

        output.BeginFrame().Write("[DONE]"u8);
        output.EndFrame();
    }

    private void WriteUsage(SseWriter output)
    {
        var json = output.BeginFrame();
        json.Write(_head);
        json.Write("],\"usage\":"u8);
        json.WriteUsage(_usage);
        json.Write("}"u8);
        output.EndFrame();
    }
}
