using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>Encodes a task as chunks: role, deltas, one finish reason, the usage if the request asks for it, <c>[DONE]</c>.</summary>
internal sealed class OpenAiChatEncoder(TaskRequest request) : EventEncoder(onlyCallsForCaller: true)
{
    private OpenAiChatChunk _chunk = OpenAiChatChunk.None;

    private protected override void OnStart(StreamEvent start)
    {
        _chunk = OpenAiChatChunk.Create(request, OpenAiChatStart.Read(start));
        var json = BeginDelta();
        json.Token("role"u8, "assistant"u8);
        json.Token("content"u8, default);
        json.Null("refusal"u8);
        EndDelta(json);
    }

    private protected override void OnText(StreamEventKind kind, ReadOnlySpan<byte> text, in TextMetadata metadata)
    {
        var json = BeginDelta();
        if (!text.IsEmpty || metadata.IsEmpty)
            json.Text(OpenAiChatJson.TextName(kind, metadata), text);
        if (!metadata.Annotations.IsEmpty)
            json.Value("annotations"u8, metadata.Annotations.Span);

        OpenAiChatExtras.Write(ref json, metadata.Extra);
        if (metadata.Logprobs.IsEmpty)
            EndDelta(json);
        else
            EndDelta(json, metadata.Logprobs);
    }

    private protected override void OnToolCall(in ToolCallUpdate update)
    {
        if (update.IsNew)
        {
            var json = BeginToolCall(update.Call);
            json.Text("id"u8, update.Call.Id);
            json.Token("type"u8, OpenAiChatJson.CallType(update.Call));
            OpenAiChatExtras.Write(ref json, update.Extra);
            json.BeginObject(OpenAiChatJson.CallType(update.Call));
            json.Text("name"u8, update.Call.Name);
            EndToolCall(json, update.Call, default);
        }

        if (!update.Arguments.IsEmpty || (!update.IsNew && !update.Extra.IsEmpty))
        {
            var json = BeginToolCall(update.Call);
            if (!update.IsNew)
                OpenAiChatExtras.Write(ref json, update.Extra);

            json.BeginObject(OpenAiChatJson.CallType(update.Call));
            EndToolCall(json, update.Call, update.Arguments.Span);
        }
    }

    private protected override void OnFile(StreamEvent file)
    {
        var json = BeginDelta();
        json.Raw(_chunk.DeltaEnd);
        json.Value("x_file"u8, file.Metadata.Span);
        json.EndObject();
        Output.EndFrame();
    }

    private protected override void OnEnd(in EndMetadata end)
    {
        var json = Output.BeginFrame();
        json.Raw(_chunk.FinishHead);
        json.Token("finish_reason"u8, OpenAiChatJson.FinishReason(end));
        json.Raw(_chunk.ChoicesEnd);
        OpenAiChatJson.WriteEnding(ref json, end);
        json.EndObject();
        Output.EndFrame();
        if (_chunk.IncludesUsage)
            WriteUsage();

        Output.WriteFrame("[DONE]"u8);
    }

    private protected override void OnError(StreamEvent error, in ErrorMetadata metadata)
    {
        var json = Output.BeginFrame();
        json.BeginObject();
        json.BeginObject("error"u8);
        json.Text("message"u8, error.Content.Span);
        json.Token("type"u8, "server_error"u8);
        json.Null("param"u8);
        json.Text("code"u8, metadata.Code);
        json.EndObject();
        json.EndObject();
        Output.EndFrame();
    }

    private FrameJson BeginDelta()
    {
        var json = Output.BeginFrame();
        json.Raw(_chunk.DeltaHead);
        return json;
    }

    private void EndDelta(FrameJson json)
    {
        json.Raw(_chunk.DeltaEnd);
        json.EndObject();
        Output.EndFrame();
    }

    private void EndDelta(FrameJson json, ReadOnlyMemory<byte> logprobs)
    {
        json.EndObject();
        json.Value("logprobs"u8, logprobs.Span);
        json.Null("finish_reason"u8);
        json.Raw(_chunk.ChoicesEnd);
        json.EndObject();
        Output.EndFrame();
    }

    private FrameJson BeginToolCall(ToolCall call)
    {
        var json = BeginDelta();
        json.BeginArray("tool_calls"u8);
        json.BeginObject();
        json.Number("index"u8, call.Index);
        return json;
    }

    private void EndToolCall(FrameJson json, ToolCall call, ReadOnlySpan<byte> arguments)
    {
        json.Text(OpenAiChatJson.ArgumentsName(call), arguments);
        json.EndObject();
        json.EndObject();
        json.EndArray();
        EndDelta(json);
    }

    private void WriteUsage()
    {
        var json = Output.BeginFrame();
        json.Raw(_chunk.Head);
        json.EndArray();
        OpenAiChatJson.WriteUsage(ref json, Usage, UsageDetails);
        json.EndObject();
        Output.EndFrame();
    }
}
