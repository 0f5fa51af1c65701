using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>The JSON that streaming and non-streaming answers share.</summary>
internal static class OpenAiChatJson
{
    /// <summary>Writes the members that every object of an answer begins with.</summary>
    public static void WriteHead(ref FrameJson json, TaskRequest request, ReadOnlySpan<byte> type, in OpenAiChatStart start)
    {
        json.Text("id"u8, $"chatcmpl-{request.Id}");
        json.Token("object"u8, type);
        json.Number("created"u8, start.Task.Created);
        json.Text("model"u8, start.Task.Model);
        json.Text("system_fingerprint"u8, start.Task.SystemFingerprint);
    }

    /// <summary>The reason as the API names it: SDKs throw on any other.</summary>
    public static ReadOnlySpan<byte> FinishReason(in EndMetadata end) => end.FinishReason switch
    {
        "length" => "length"u8,
        "tool_calls" => "tool_calls"u8,
        "content_filter" => "content_filter"u8,
        _ => "stop"u8,
    };

    /// <summary>The member that text of this kind belongs to.</summary>
    public static ReadOnlySpan<byte> TextName(StreamEventKind kind, in TextMetadata metadata) =>
        kind == StreamEventKind.Thought ? "reasoning_content"u8 : metadata.IsRefusal ? "refusal"u8 : "content"u8;

    /// <summary>The type of a call, and the name of the member that holds it.</summary>
    public static ReadOnlySpan<byte> CallType(ToolCall call) => call.IsCustom ? "custom"u8 : "function"u8;

    /// <summary>The name of the arguments of a call.</summary>
    public static ReadOnlySpan<byte> ArgumentsName(ToolCall call) => call.IsCustom ? "input"u8 : "arguments"u8;

    /// <summary>Writes how the answer ended beyond the reasons of the API: stopped, or for a reason that the API does not have.</summary>
    public static void WriteEnding(ref FrameJson json, in EndMetadata end)
    {
        if (end.IsStopped)
            json.Token("x_status"u8, "stopped"u8);
        else if (end.FinishReason is not ("" or "stop") && FinishReason(end).SequenceEqual("stop"u8))
            json.Text("x_finish_reason"u8, end.FinishReason);
    }

    public static void WriteUsage(ref FrameJson json, TaskUsage usage, in UsageMetadata details)
    {
        json.BeginObject("usage"u8);
        json.Number("prompt_tokens"u8, usage.PromptTokens);
        json.Number("completion_tokens"u8, usage.CompletionTokens);
        json.Number("total_tokens"u8, usage.TotalTokens);
        if (!details.PromptDetails.IsEmpty)
            json.Value("prompt_tokens_details"u8, details.PromptDetails.Span);
        if (!details.CompletionDetails.IsEmpty)
            json.Value("completion_tokens_details"u8, details.CompletionDetails.Span);

        json.EndObject();
    }
}
