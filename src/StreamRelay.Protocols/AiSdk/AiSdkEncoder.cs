using System.Text;
using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>Encodes a task as the chunks of one UI message.</summary>
internal sealed partial class AiSdkEncoder(TaskRequest request) : EventEncoder(onlyCallsForCaller: false)
{
    private byte[] _partId = [];
    private int _parts;
    private int _sources;
    private bool _inStep;

    private protected override void OnStart(StreamEvent start)
    {
        var json = Output.BeginChunk("start"u8);
        json.Text("messageId"u8, AiSdkStart.MessageId(start, request));
        json.BeginObject("messageMetadata"u8);
        json.Text("taskId"u8, request.Id.ToString());
        json.EndObject();
        Output.EndChunk(json);
    }

    private protected override void OnText(StreamEventKind kind, ReadOnlySpan<byte> text, in TextMetadata metadata)
    {
        if (!text.IsEmpty || metadata.Annotations.IsEmpty || !metadata.Extra.IsEmpty)
        {
            OpenText(kind);
            var json = BeginPart(kind == StreamEventKind.Output ? "text-delta"u8 : "reasoning-delta"u8);
            json.Text("delta"u8, text);
            AiSdkJson.WriteExtra(ref json, metadata.Extra);
            Output.EndChunk(json);
        }

        foreach (var annotation in JsonSlices.Items(metadata.Annotations))
            WriteSource(annotation);
    }

    private protected override void OnTextStart(StreamEventKind kind)
    {
        OpenStep();
        _parts++;
        _partId = Encoding.UTF8.GetBytes(kind == StreamEventKind.Output ? $"text-{_parts}" : $"reasoning-{_parts}");
        Output.EndChunk(BeginPart(kind == StreamEventKind.Output ? "text-start"u8 : "reasoning-start"u8));
    }

    private protected override void OnTextEnd(StreamEventKind kind) =>
        Output.EndChunk(BeginPart(kind == StreamEventKind.Output ? "text-end"u8 : "reasoning-end"u8));

    private protected override void OnStepStart(ReadOnlyMemory<byte> title)
    {
        CloseStep();
        OpenStep();
    }

    private protected override void OnStepEnd(ReadOnlyMemory<byte> title) => CloseStep();

    private protected override void OnFile(StreamEvent file)
    {
        var metadata = FileMetadata.Read(file);
        CloseText();
        var json = Output.BeginChunk("file"u8);
        json.Text("url"u8, metadata.Url);
        json.Text("mediaType"u8, metadata.MediaType);
        Output.EndChunk(json);
    }

    private protected override void OnData(StreamEvent data)
    {
        var metadata = DataMetadata.Read(data);
        var json = Output.BeginFrame();
        json.BeginObject();
        json.Text("type"u8, $"data-{metadata.Name}");
        if (metadata.Data.IsEmpty)
            json.Null("data"u8);
        else
            json.Value("data"u8, metadata.Data.Span);

        Output.EndChunk(json);
    }

    private protected override void OnEnd(in EndMetadata end)
    {
        CloseStep();
        var json = Output.BeginChunk(end.IsStopped ? "abort"u8 : "finish"u8);
        if (!end.IsStopped)
            WriteMessageMetadata(ref json, end);

        Output.EndChunk(json);
        Output.WriteFrame("[DONE]"u8);
    }

    private protected override void OnError(StreamEvent error, in ErrorMetadata metadata)
    {
        CloseStep();
        var data = Output.BeginChunk("data-error"u8);
        data.Value("data"u8, error.Metadata.IsEmpty ? "{}"u8 : error.Metadata.Span);
        Output.EndChunk(data);
        var json = Output.BeginChunk("error"u8);
        json.Text("errorText"u8, error.Content.Span);
        Output.EndChunk(json);
    }

    private void OpenStep()
    {
        if (_inStep)
            return;

        _inStep = true;
        Output.EndChunk(Output.BeginChunk("start-step"u8));
    }

    /// <summary>Closes the text part before the step: older clients forget open parts at the end of a step.</summary>
    private void CloseStep()
    {
        CloseText();
        if (!_inStep)
            return;

        _inStep = false;
        Output.EndChunk(Output.BeginChunk("finish-step"u8));
    }

    /// <summary>Writes a cited page as a source; any other annotation as data.</summary>
    private void WriteSource(ReadOnlyMemory<byte> annotation)
    {
        OpenStep();
        var citation = SourceMetadata.Read(annotation);
        var json = Output.BeginChunk(citation.Url.Length > 0 ? "source-url"u8 : "data-annotation"u8);
        if (citation.Url.Length > 0)
        {
            json.Text("sourceId"u8, $"source-{++_sources}");
            json.Text("url"u8, citation.Url);
            if (citation.Title.Length > 0)
                json.Text("title"u8, citation.Title);
        }
        else
        {
            json.Value("data"u8, annotation.Span);
        }

        Output.EndChunk(json);
    }

    private FrameJson BeginPart(ReadOnlySpan<byte> type)
    {
        var json = Output.BeginChunk(type);
        json.Token("id"u8, _partId);
        return json;
    }

    private void WriteMessageMetadata(ref FrameJson json, in EndMetadata end)
    {
        json.BeginObject("messageMetadata"u8);
        if (end.FinishReason.Length > 0)
            json.Text("finishReason"u8, end.FinishReason);

        json.BeginObject("usage"u8);
        json.Number("inputTokens"u8, Usage.PromptTokens);
        json.Number("outputTokens"u8, Usage.CompletionTokens);
        json.Number("totalTokens"u8, Usage.TotalTokens);
        if (UsageDetails.CachedTokens is { } cached)
            json.Number("cachedInputTokens"u8, cached);
        if (UsageDetails.ReasoningTokens is { } reasoning)
            json.Number("reasoningTokens"u8, reasoning);

        json.EndObject();
        json.EndObject();
    }
}
