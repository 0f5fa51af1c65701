using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>Encodes a task as the events of one message.</summary>
internal sealed class AnthropicEncoder(TaskRequest request) : EventEncoder(onlyCallsForCaller: true)
{
    private readonly AnthropicContent _content = new();
    private readonly List<StreamEvent> _files = [];

    private protected override void OnStart(StreamEvent start)
    {
        var json = Output.BeginEvent("message_start"u8);
        json.BeginObject("message"u8);
        AnthropicJson.WriteHead(ref json, request, StartMetadata.Read(start).Model);
        json.BeginArray("content"u8);
        json.EndArray();
        AnthropicJson.WriteStop(ref json, null, isRefusal: false);
        AnthropicJson.WriteUsage(ref json, Usage, UsageDetails);
        json.EndObject();
        Output.EndEvent(json);
    }

    private protected override void OnText(StreamEventKind kind, ReadOnlySpan<byte> text, in TextMetadata metadata)
    {
        _content.AddText(kind, text, metadata);
        _content.Send(Output);
    }

    private protected override void OnToolCall(in ToolCallUpdate update)
    {
        _content.AddCall(update);
        _content.Send(Output);
    }

    private protected override void OnFile(StreamEvent file) => _files.Add(file);

    private protected override void OnEnd(in EndMetadata end)
    {
        _content.Complete();
        _content.Send(Output);
        var json = Output.BeginEvent("message_delta"u8);
        json.BeginObject("delta"u8);
        AnthropicJson.WriteStop(ref json, end, _content.IsRefusal);
        json.EndObject();
        AnthropicJson.WriteUsage(ref json, Usage, UsageDetails);
        AnthropicJson.WriteFiles(ref json, _files);
        Output.EndEvent(json);
        Output.EndEvent(Output.BeginEvent("message_stop"u8));
    }

    private protected override void OnError(StreamEvent error, in ErrorMetadata metadata)
    {
        _content.SendIncomplete(Output);
        var json = Output.BeginEvent("error"u8);
        json.BeginObject("error"u8);
        json.Token("type"u8, "api_error"u8);
        json.Text("message"u8, error.Content.Span);
        json.Text("code"u8, metadata.Code);
        json.EndObject();
        Output.EndEvent(json);
    }
}
