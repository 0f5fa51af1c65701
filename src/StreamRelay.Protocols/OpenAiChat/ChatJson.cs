using System.Buffers;
using System.Text;
using System.Text.Json;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>The pieces of JSON that streaming and non-streaming answers share.</summary>
internal static class ChatJson
{
    public static string Id(TaskRequest request) => $"chatcmpl-{request.Id}";

    /// <summary>The reason in the words of the API: SDKs throw on any other.</summary>
    public static ReadOnlySpan<byte> FinishReason(StreamEvent end) => Text(end, "finish_reason") switch
    {
        "length" => "length"u8,
        "tool_calls" => "tool_calls"u8,
        "content_filter" => "content_filter"u8,
        _ => "stop"u8,
    };

    public static bool IsStopped(StreamEvent end) => Text(end, "status") == "stopped";

    public static string Text(StreamEvent streamEvent, string name)
    {
        using var json = JsonDocument.Parse(streamEvent.Metadata);
        return json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }

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

    public static void WriteMetadata(this ArrayBufferWriter<byte> json, StreamEvent streamEvent)
    {
        var reader = new Utf8JsonReader(streamEvent.Metadata.Span);
        reader.Read();
        json.WriteValue(ref reader);
    }

    public static void WriteError(this ArrayBufferWriter<byte> json, StreamEvent error)
    {
        json.Write("{\"error\":{\"message\":"u8);
        json.WriteString(error.Content.Span);
        json.Write(",\"type\":\"server_error\",\"param\":null,\"code\":"u8);
        json.WriteString(Encoding.UTF8.GetBytes(Text(error, "code")));
        json.Write("}}"u8);
    }
}
