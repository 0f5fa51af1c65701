using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>Folds a task into the one object of a non-streaming answer, with the ids and the usage of its stream.</summary>
/// <param name="request">The task.</param>
public sealed class OpenAiChatAnswer(TaskRequest request) : EventFold(onlyCallsForCaller: true)
{
    private readonly Utf8Buffer _content = new();
    private readonly Utf8Buffer _reasoning = new();
    private readonly Utf8Buffer _refusal = new();
    private readonly OpenAiChatExtras _extras = new();
    private readonly List<StreamEvent> _files = [];
    private OpenAiChatStart _start = new(new(request.Agent, 0, ""), false);
    private EndMetadata _end;

    /// <summary>The answer, once the task has completed or was stopped.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new Utf8Buffer(_content.WrittenCount + 1024);
        var json = new FrameJson(buffer);
        json.BeginObject();
        OpenAiChatJson.WriteHead(ref json, request, "chat.completion"u8, _start);
        WriteChoice(ref json);
        OpenAiChatJson.WriteUsage(ref json, Usage, UsageDetails);
        OpenAiChatJson.WriteEnding(ref json, _end);
        WriteFiles(ref json);
        json.EndObject();
        return buffer.WrittenMemory;
    }

    private protected override void OnStart(StreamEvent start) => _start = OpenAiChatStart.Read(start);

    private protected override void OnText(StreamEventKind kind, ReadOnlySpan<byte> text, in TextMetadata metadata)
    {
        (kind == StreamEventKind.Thought ? _reasoning : metadata.IsRefusal ? _refusal : _content).Write(text);
        _extras.Add(metadata);
    }

    private protected override void OnFile(StreamEvent file) => _files.Add(file);

    private protected override void OnEnd(in EndMetadata end) => _end = end;

    private void WriteChoice(ref FrameJson json)
    {
        json.BeginArray("choices"u8);
        json.BeginObject();
        json.Number("index"u8, 0);
        WriteMessage(ref json);
        _extras.WriteLogprobs(ref json);
        json.Token("finish_reason"u8, OpenAiChatJson.FinishReason(_end));
        json.EndObject();
        json.EndArray();
    }

    private void WriteMessage(ref FrameJson json)
    {
        json.BeginObject("message"u8);
        json.Token("role"u8, "assistant"u8);
        if (_content.WrittenCount == 0 && (Calls.Count > 0 || _refusal.WrittenCount > 0))
            json.Null("content"u8);
        else
            json.Text("content"u8, _content.WrittenSpan);
        if (_refusal.WrittenCount == 0)
            json.Null("refusal"u8);
        else
            json.Text("refusal"u8, _refusal.WrittenSpan);

        _extras.WriteMembers(ref json);
        if (_reasoning.WrittenCount > 0)
            json.Text("reasoning_content"u8, _reasoning.WrittenSpan);

        WriteToolCalls(ref json);
        json.EndObject();
    }

    private void WriteToolCalls(ref FrameJson json)
    {
        if (Calls.Count == 0)
            return;

        json.BeginArray("tool_calls"u8);
        foreach (var call in Calls)
        {
            json.BeginObject();
            json.Text("id"u8, call.Id);
            json.Token("type"u8, OpenAiChatJson.CallType(call));
            OpenAiChatExtras.Write(ref json, call.Extra);
            json.BeginObject(OpenAiChatJson.CallType(call));
            json.Text("name"u8, call.Name);
            json.Text(OpenAiChatJson.ArgumentsName(call), call.Arguments.WrittenSpan);
            json.EndObject();
            json.EndObject();
        }

        json.EndArray();
    }

    private void WriteFiles(ref FrameJson json)
    {
        if (_files.Count == 0)
            return;

        json.BeginArray("x_files"u8);
        foreach (var file in _files)
            json.Value(file.Metadata.Span);

        json.EndArray();
    }
}
