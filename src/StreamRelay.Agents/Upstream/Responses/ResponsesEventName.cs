namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>The name of an event that carries text of an item, such as <c>response.output_text.delta</c>.</summary>
/// <param name="Kind">The kind of the text.</param>
/// <param name="IsWhole">Whether the event has the whole text; else it has a piece.</param>
internal readonly record struct ResponsesEventName(ResponsesTextKind Kind, bool IsWhole)
{
    private const string Prefix = "response.";
    private const string Piece = ".delta";
    private const string Whole = ".done";

    // Older servers have shorter names for reasoning.
    private static readonly Dictionary<string, ResponsesTextKind> Kinds = new()
    {
        ["output_text"] = ResponsesTextKind.Text,
        ["refusal"] = ResponsesTextKind.Refusal,
        ["reasoning_summary_text"] = ResponsesTextKind.Summary,
        ["reasoning_summary"] = ResponsesTextKind.Summary,
        ["reasoning_text"] = ResponsesTextKind.Reasoning,
        ["reasoning"] = ResponsesTextKind.Reasoning,
        ["function_call_arguments"] = ResponsesTextKind.Arguments,
        ["custom_tool_call_input"] = ResponsesTextKind.Input,
    };

    /// <summary>The type of the items that have such text.</summary>
    public ResponsesItemType ItemType => Kind switch
    {
        ResponsesTextKind.Text or ResponsesTextKind.Refusal => ResponsesItemType.Message,
        ResponsesTextKind.Summary or ResponsesTextKind.Reasoning => ResponsesItemType.Reasoning,
        _ => ResponsesItemType.Call,
    };

    /// <summary>Reads a name; <see langword="null"/> for an event without text.</summary>
    public static ResponsesEventName? Parse(string name)
    {
        var isWhole = name.EndsWith(Whole, StringComparison.Ordinal);
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || !(isWhole || name.EndsWith(Piece, StringComparison.Ordinal)))
            return null;

        var middle = name[Prefix.Length..^(isWhole ? Whole.Length : Piece.Length)];
        return Kinds.TryGetValue(middle, out var kind) ? new(kind, isWhole) : null;
    }
}
