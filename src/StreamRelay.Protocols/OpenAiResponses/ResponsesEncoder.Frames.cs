using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <content>The frames of a response and its items.</content>
internal sealed partial class ResponsesEncoder
{
    private void WriteResponse(ReadOnlySpan<byte> type, bool withOutput)
    {
        var json = Begin(type);
        json.BeginObject("response"u8);
        Response.Write(ref json, "in_progress"u8, withOutput);
        json.EndObject();
        End(json);
    }

    private void WriteItem(ResponsesItem item, ReadOnlySpan<byte> type, bool isNew)
    {
        var json = Begin(type);
        json.Number("output_index"u8, item.Index);
        json.BeginObject("item"u8);
        item.Write(ref json, isNew);
        json.EndObject();
        End(json);
    }

    private void WritePart(ResponsesItem item, ReadOnlySpan<byte> type, bool isNew)
    {
        var json = BeginPart(item, type);
        json.BeginObject("part"u8);
        item.WritePart(ref json, isNew);
        json.EndObject();
        End(json);
    }

    private FrameJson Begin(ReadOnlySpan<byte> type)
    {
        var json = Output.BeginFrame(type);
        json.BeginObject();
        json.Token("type"u8, type);
        return json;
    }

    private FrameJson BeginItem(ResponsesItem item, ReadOnlySpan<byte> type)
    {
        var json = Begin(type);
        json.Token("item_id"u8, item.Id);
        json.Number("output_index"u8, item.Index);
        return json;
    }

    private void WriteAnnotation(ResponsesItem item, ReadOnlyMemory<byte> annotation)
    {
        var json = BeginPart(item, "response.output_text.annotation.added"u8);
        json.Number("annotation_index"u8, item.Annotations.Count);
        json.Value("annotation"u8, annotation.Span);
        item.Annotations.Add(annotation);
        End(json);
    }

    private FrameJson BeginPart(ResponsesItem item, ReadOnlySpan<byte> type)
    {
        var json = BeginItem(item, type);
        json.Number(item.Kind == ResponsesItemKind.Reasoning ? "summary_index"u8 : "content_index"u8, 0);
        return json;
    }

    private void EndText(ResponsesItem item, FrameJson json, IEnumerable<ReadOnlyMemory<byte>> logprobs)
    {
        if (item.Kind == ResponsesItemKind.Message)
            JsonSlices.WriteList(ref json, "logprobs"u8, logprobs);

        End(json);
    }

    private void End(FrameJson json)
    {
        json.Number("sequence_number"u8, _sequence++);
        json.EndObject();
        Output.EndFrame();
    }
}
