namespace StreamRelay.Events;

/// <summary>The metadata of <c>action_start</c>, <c>action_delta</c> and <c>action</c>. Fields that are missing are empty.</summary>
/// <param name="ToolCallId">The id of the call.</param>
/// <param name="ToolName">The name of the tool.</param>
/// <param name="IsForCaller">Whether the client has to run the tool; else the agent runs it.</param>
/// <param name="Input">Of <c>action</c>: the whole input, as JSON; empty when it is larger than an event may be, and the pieces hold it.</param>
/// <param name="Extra">Fields of the model's server that no protocol has, such as signatures: an object.</param>
public readonly record struct ActionMetadata(string ToolCallId, string ToolName, bool IsForCaller, ReadOnlyMemory<byte> Input, ReadOnlyMemory<byte> Extra)
{
    /// <summary>Of <c>action_start</c>: whether the tool takes any text instead of JSON.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Reads it.</summary>
    /// <exception cref="System.Text.Json.JsonException">The metadata is not a JSON object.</exception>
    public static ActionMetadata Read(StreamEvent action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var result = new ActionMetadata("", "", false, default, default);
        var fields = new MetadataReader(action.Metadata);
        while (fields.Read())
        {
            if (fields.Is("tool_call_id"u8))
                result = result with { ToolCallId = fields.Text() };
            else if (fields.Is("tool_name"u8))
                result = result with { ToolName = fields.Text() };
            else if (fields.Is("executor"u8))
                result = result with { IsForCaller = fields.Text() == "caller" };
            else if (fields.Is("input"u8))
                result = result with { Input = fields.Json() };
            else if (fields.Is("extra"u8))
                result = result with { Extra = fields.Json((byte)'{') };
            else if (fields.Is("custom"u8))
                result = result with { IsCustom = fields.Flag() };
        }

        return result;
    }
}
