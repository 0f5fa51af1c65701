using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>Folds a task into the one message of a non-streaming answer, with the ids and the usage of its stream.</summary>
/// <param name="request">The task.</param>
public sealed class AnthropicAnswer(TaskRequest request) : EventFold(onlyCallsForCaller: true)
{
    private readonly AnthropicContent _content = new();
    private readonly List<StreamEvent> _files = [];
    private string _model = request.Agent;
    private EndMetadata _end;

    /// <summary>The message, once the task has completed or was stopped.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new Utf8Buffer(1024);
        var json = new FrameJson(buffer);
        json.BeginObject();
        AnthropicJson.WriteHead(ref json, request, _model);
        WriteContent(ref json);
        AnthropicJson.WriteStop(ref json, _end, _content.IsRefusal);
        AnthropicJson.WriteUsage(ref json, Usage, UsageDetails);
        AnthropicJson.WriteFiles(ref json, _files);
        json.EndObject();
        return buffer.WrittenMemory;
    }

    private protected override void OnStart(StreamEvent start) => _model = StartMetadata.Read(start).Model;

    private protected override void OnText(StreamEventKind kind, ReadOnlySpan<byte> text, in TextMetadata metadata) => _content.AddText(kind, text, metadata);

    private protected override void OnToolCall(in ToolCallUpdate update) => _content.AddCall(update);

    private protected override void OnFile(StreamEvent file) => _files.Add(file);

    private protected override void OnEnd(in EndMetadata end) => _end = end;

    private void WriteContent(ref FrameJson json)
    {
        _content.Complete();
        json.BeginArray("content"u8);
        foreach (var block in _content.Blocks)
        {
            json.BeginObject();
            block.WriteWhole(ref json);
            json.EndObject();
        }

        json.EndArray();
    }
}
