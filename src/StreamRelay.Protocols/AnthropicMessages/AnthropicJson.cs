using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>The JSON that streaming and non-streaming answers share, and the frames of a stream.</summary>
internal static class AnthropicJson
{
    private const string Refusal = "refusal";

    /// <summary>Begins an event; end it with <see cref="EndEvent"/>.</summary>
    public static FrameJson BeginEvent(this SseWriter output, ReadOnlySpan<byte> type)
    {
        var json = output.BeginFrame(type);
        json.BeginObject();
        json.Token("type"u8, type);
        return json;
    }

    /// <summary>Ends an event.</summary>
    public static void EndEvent(this SseWriter output, FrameJson json)
    {
        json.EndObject();
        output.EndFrame();
    }

    /// <summary>Begins what is added to a block; end it with <see cref="EndDelta"/>.</summary>
    public static FrameJson BeginDelta(this SseWriter output, int index, ReadOnlySpan<byte> type)
    {
        var json = output.BeginEvent("content_block_delta"u8);
        json.Number("index"u8, index);
        json.BeginObject("delta"u8);
        json.Token("type"u8, type);
        return json;
    }

    /// <summary>Ends what is added to a block.</summary>
    public static void EndDelta(this SseWriter output, FrameJson json)
    {
        json.EndObject();
        output.EndEvent(json);
    }

    /// <summary>Writes the members that a message begins with.</summary>
    public static void WriteHead(ref FrameJson json, TaskRequest request, string model)
    {
        json.Text("id"u8, $"msg_{request.Id}");
        json.Token("type"u8, "message"u8);
        json.Token("role"u8, "assistant"u8);
        json.Text("model"u8, model);
    }

    /// <summary>Writes why the message ended.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="end">The end of the task; <see langword="null"/> before.</param>
    /// <param name="isRefusal">Whether the model refused to answer.</param>
    public static void WriteStop(ref FrameJson json, EndMetadata? end, bool isRefusal)
    {
        var reason = end is { } given ? StopReason(given, isRefusal) : null;
        if (reason is null)
            json.Null("stop_reason"u8);
        else
            json.Text("stop_reason"u8, reason);

        json.Null("stop_sequence"u8);
        if (reason == Refusal)
            json.Raw("stop_details"u8, "{\"type\":\"refusal\",\"category\":null,\"explanation\":null}"u8);
        else
            json.Null("stop_details"u8);

        if (end is { IsStopped: true })
            json.Token("x_status"u8, "stopped"u8);
    }

    /// <summary>Writes <c>usage</c>. Here the tokens of the input are without those of the cache. A count that is not known is absent.</summary>
    public static void WriteUsage(ref FrameJson json, TaskUsage usage, in UsageMetadata details)
    {
        json.BeginObject("usage"u8);
        json.Number("input_tokens"u8, Math.Max(0, usage.PromptTokens - (details.CachedTokens ?? 0) - (details.CacheWriteTokens ?? 0)));
        if (details.CacheWriteTokens is { } written)
            json.Number("cache_creation_input_tokens"u8, written);
        if (details.CachedTokens is { } cached)
            json.Number("cache_read_input_tokens"u8, cached);

        json.Number("output_tokens"u8, usage.CompletionTokens);
        if (details.ReasoningTokens is { } reasoning)
        {
            json.BeginObject("output_tokens_details"u8);
            json.Number("thinking_tokens"u8, reasoning);
            json.EndObject();
        }

        json.EndObject();
    }

    /// <summary>Writes the files of the task as the extension <c>x_files</c>, if there are any.</summary>
    public static void WriteFiles(ref FrameJson json, IReadOnlyList<StreamEvent> files)
    {
        if (files.Count > 0)
            JsonSlices.WriteList(ref json, "x_files"u8, files.Select(static file => file.Metadata));
    }

    /// <summary>The reason as the API names it; one that it does not have is shown as it is.</summary>
    private static string StopReason(in EndMetadata end, bool isRefusal) => end.FinishReason switch
    {
        "" or "stop" => isRefusal ? Refusal : "end_turn",
        "length" => "max_tokens",
        "tool_calls" => "tool_use",
        "content_filter" => Refusal,
        _ => end.FinishReason,
    };
}
