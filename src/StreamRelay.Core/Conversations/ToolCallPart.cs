using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>A call of a tool by a model.</summary>
/// <param name="Id">The id that its result names.</param>
/// <param name="Name">The tool.</param>
/// <param name="Input">Its arguments: JSON text, or any text for a custom tool.</param>
public sealed record ToolCallPart(string Id, string Name, string Input) : ConversationPart
{
    /// <summary>Fields of the model's server that no protocol has, such as a signature: an object; <see langword="null"/> when there are none.</summary>
    public JsonElement? Extra { get; init; }

    /// <summary>Whether the tool takes any text instead of JSON.</summary>
    public bool IsCustom { get; init; }
}
