using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>The beginning and the end of the chunks of a UI message stream.</summary>
internal static class AiSdkJson
{
    /// <summary>Begins a chunk.</summary>
    public static FrameJson BeginChunk(this SseWriter output, ReadOnlySpan<byte> type)
    {
        var json = output.BeginFrame();
        json.BeginObject();
        json.Token("type"u8, type);
        return json;
    }

    /// <summary>Ends a chunk.</summary>
    public static void EndChunk(this SseWriter output, FrameJson json)
    {
        json.EndObject();
        output.EndFrame();
    }

    /// <summary>Writes fields of the model's server as metadata of a provider: clients keep it with the part and send it back.</summary>
    public static void WriteExtra(ref FrameJson json, ReadOnlyMemory<byte> extra)
    {
        if (extra.IsEmpty)
            return;

        json.BeginObject("providerMetadata"u8);
        json.Value("upstream"u8, extra.Span);
        json.EndObject();
    }

    /// <summary>Begins a chunk that concerns a tool call.</summary>
    public static FrameJson BeginToolChunk(this SseWriter output, ReadOnlySpan<byte> type, ToolCall call)
    {
        var json = output.BeginChunk(type);
        json.Text("toolCallId"u8, call.Id);
        return json;
    }

    /// <summary>Ends a chunk that concerns a tool call, saying which side runs the tool.</summary>
    public static void EndToolChunk(this SseWriter output, FrameJson json, ToolCall call)
    {
        if (!call.IsForCaller)
            json.Boolean("providerExecuted"u8, true);

        output.EndChunk(json);
    }
}
