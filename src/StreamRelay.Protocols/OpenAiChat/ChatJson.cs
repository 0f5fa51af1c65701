using System.Buffers;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>The pieces of JSON that streaming and non-streaming answers share.</summary>
internal static class ChatJson
{
    public static string Id(TaskRequest request) => $"chatcmpl-{request.Id}";

    /// <summary>The reason in the words of the API: SDKs throw on any other.</summary>
    public static ReadOnlySpan<byte> FinishReason(StreamEvent end) => end.Field("finish_reason") switch
    {
        "length" => "length"u8,
        "tool_calls" => "tool_calls"u8,
        "content_filter" => "content_filter"u8,
        _ => "stop"u8,
    };

    public static void WriteUsage(this ArrayBufferWriter<byte> json, TaskUsage usage)
    {
        json.Write("{\"prompt_tokens\":"u8);
        json.WriteNumber(usage.PromptTokens);
        json.Write(",\"completion_tokens\":"u8);
        json.WriteNumber(usage.CompletionTokens);
        json.Write(",\"total_tokens\":"u8);
        json.WriteNumber(usage.TotalTokens);
        json.Write("}"u8);
    }

    public static void WriteError(this ArrayBufferWriter<byte> json, StreamEvent error)
    {
        json.Write("{\"error\":{\"message\":"u8);
        json.WriteString(error.Content.Span);
        json.Write(",\"type\":\"server_error\",\"param\":null,\"code\":"u8);
        json.WriteString(error.Field("code"));
        json.Write("}}"u8);
    }
}
