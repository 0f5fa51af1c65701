using System.Text;
using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AgUi;

/// <summary>Encodes a task as the events of one run. Messages, calls and steps that are open are closed before the run finishes: clients require it.</summary>
internal sealed partial class AgUiEncoder(TaskRequest request) : EventEncoder(onlyCallsForCaller: false)
{
    private readonly List<byte[]> _steps = [];
    private byte[] _run = [];
    private byte[] _messageId = [];
    private int _messages;
    private long _time;

    private protected override void OnEntry(in StreamEntry entry) => _time = entry.Time.ToUnixTimeMilliseconds();

    private protected override void OnStart(StreamEvent start)
    {
        _run = AgUiRun.Read(start, request).ToMembers();
        End(BeginRun("RUN_STARTED"u8));
    }

    private protected override void OnText(StreamEventKind kind, ReadOnlySpan<byte> text, in TextMetadata metadata)
    {
        if (!text.IsEmpty)
        {
            OpenText(kind);
            var json = BeginMessage(AgUiJson.MessageContent(kind));
            json.Text("delta"u8, text);
            WriteExtra(ref json, metadata.Extra);
            End(json);
        }
        else if (!metadata.Extra.IsEmpty)
        {
            WriteCustom("extra"u8, metadata.Extra.Span);
        }

        if (!metadata.Annotations.IsEmpty)
            WriteCustom("annotations"u8, metadata.Annotations.Span);
    }

    private protected override void OnTextStart(StreamEventKind kind)
    {
        BeginNextMessage();
        if (kind == StreamEventKind.Thought)
            End(BeginMessage("REASONING_START"u8));

        var json = BeginMessage(AgUiJson.MessageStart(kind));
        json.Token("role"u8, AgUiJson.Role(kind));
        End(json);
    }

    private protected override void OnTextEnd(StreamEventKind kind)
    {
        End(BeginMessage(AgUiJson.MessageEnd(kind)));
        if (kind == StreamEventKind.Thought)
            End(BeginMessage("REASONING_END"u8));
    }

    private protected override void OnFile(StreamEvent file) => WriteCustom("file"u8, file.Metadata.Span);

    private protected override void OnData(StreamEvent data)
    {
        var metadata = DataMetadata.Read(data);
        var json = Begin("CUSTOM"u8);
        json.Text("name"u8, metadata.Name);
        if (metadata.Data.IsEmpty)
            json.Null("value"u8);
        else
            json.Value("value"u8, metadata.Data.Span);

        End(json);
    }

    private protected override void OnEnd(in EndMetadata end)
    {
        CloseText();
        CloseCalls();
        CloseSteps();
        var json = BeginRun("RUN_FINISHED"u8);
        json.BeginObject("outcome"u8);
        json.Token("type"u8, end.IsStopped ? "cancelled"u8 : "success"u8);
        json.EndObject();
        if (!end.IsStopped)
            WriteMetadata(ref json, end);

        WriteUsage(ref json);
        End(json);
    }

    private protected override void OnError(StreamEvent error, in ErrorMetadata metadata)
    {
        CloseText();
        var json = Begin("RUN_ERROR"u8);
        json.Text("message"u8, error.Content.Span);
        json.Text("code"u8, metadata.Code);
        WriteUsage(ref json);
        End(json);
    }

    private void BeginNextMessage()
    {
        _messages++;
        _messageId = Encoding.UTF8.GetBytes($"msg_{request.Id}_{_messages}");
    }

    private void WriteCustom(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var json = Begin("CUSTOM"u8);
        json.Token("name"u8, name);
        json.Value("value"u8, value);
        End(json);
    }

    /// <summary>Writes fields of the model's server as metadata: clients add it to the message and send it back.</summary>
    private static void WriteExtra(ref FrameJson json, ReadOnlyMemory<byte> extra)
    {
        if (extra.IsEmpty)
            return;

        json.BeginObject("metadata"u8);
        json.Value("upstream"u8, extra.Span);
        json.EndObject();
    }

    private static void WriteMetadata(ref FrameJson json, in EndMetadata end)
    {
        json.BeginObject("metadata"u8);
        if (end.FinishReason.Length > 0)
            json.Text("finishReason"u8, end.FinishReason);

        json.EndObject();
    }

    private void WriteUsage(ref FrameJson json)
    {
        json.BeginArray("usage"u8);
        json.BeginObject();
        json.Number("inputTokens"u8, Usage.PromptTokens);
        json.Number("outputTokens"u8, Usage.CompletionTokens);
        json.Number("totalTokens"u8, Usage.TotalTokens);
        if (UsageDetails.CachedTokens is { } cached)
            json.Number("cachedInputTokens"u8, cached);
        if (UsageDetails.ReasoningTokens is { } reasoning)
            json.Number("reasoningTokens"u8, reasoning);

        json.EndObject();
        json.EndArray();
    }

    private FrameJson BeginRun(ReadOnlySpan<byte> type)
    {
        var json = Begin(type);
        json.Members(_run);
        return json;
    }

    private FrameJson BeginMessage(ReadOnlySpan<byte> type)
    {
        var json = Begin(type);
        json.Token("messageId"u8, _messageId);
        return json;
    }

    private FrameJson Begin(ReadOnlySpan<byte> type)
    {
        var json = Output.BeginFrame();
        json.BeginObject();
        json.Token("type"u8, type);
        return json;
    }

    private void End(FrameJson json)
    {
        json.Number("timestamp"u8, _time);
        json.EndObject();
        Output.EndFrame();
    }
}
