using StreamRelay.Protocols.Folds;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>The types of the events that build the one text of an item.</summary>
internal static class ResponsesTextEvents
{
    /// <summary>The part begins.</summary>
    public static ReadOnlySpan<byte> Added(ResponsesItemKind kind) =>
        kind == ResponsesItemKind.Reasoning ? "response.reasoning_summary_part.added"u8 : "response.content_part.added"u8;

    /// <summary>A piece of the text.</summary>
    public static ReadOnlySpan<byte> Delta(ResponsesItemKind kind) => kind switch
    {
        ResponsesItemKind.Reasoning => "response.reasoning_summary_text.delta"u8,
        ResponsesItemKind.Refusal => "response.refusal.delta"u8,
        _ => "response.output_text.delta"u8,
    };

    /// <summary>The text is complete.</summary>
    public static ReadOnlySpan<byte> TextDone(ResponsesItemKind kind) => kind switch
    {
        ResponsesItemKind.Reasoning => "response.reasoning_summary_text.done"u8,
        ResponsesItemKind.Refusal => "response.refusal.done"u8,
        _ => "response.output_text.done"u8,
    };

    /// <summary>A piece of the arguments of a call.</summary>
    public static ReadOnlySpan<byte> ArgumentsDelta(ToolCall call) =>
        call.IsCustom ? "response.custom_tool_call_input.delta"u8 : "response.function_call_arguments.delta"u8;

    /// <summary>The arguments of a call are complete.</summary>
    public static ReadOnlySpan<byte> ArgumentsDone(ToolCall call) =>
        call.IsCustom ? "response.custom_tool_call_input.done"u8 : "response.function_call_arguments.done"u8;

    /// <summary>The part is complete.</summary>
    public static ReadOnlySpan<byte> PartDone(ResponsesItemKind kind) =>
        kind == ResponsesItemKind.Reasoning ? "response.reasoning_summary_part.done"u8 : "response.content_part.done"u8;
}
