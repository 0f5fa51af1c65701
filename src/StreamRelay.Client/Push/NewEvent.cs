using System.Text.Json.Nodes;
using StreamRelay.Client.Events;

namespace StreamRelay.Client.Push;

/// <summary>An event to push.</summary>
/// <param name="Type">One of <see cref="RelayEventTypes"/> except <c>start</c>.</param>
/// <param name="Content">Its text.</param>
/// <param name="Fields">The fields of its type, such as <c>tool_call_id</c>; default none.</param>
public sealed record NewEvent(string Type, string Content = "", JsonObject? Fields = null)
{
    /// <summary>A piece of the answer.</summary>
    public static NewEvent Output(string text) => new(RelayEventTypes.Output, text);

    /// <summary>A piece of the reasoning.</summary>
    public static NewEvent Thought(string text) => new(RelayEventTypes.Thought, text);

    /// <summary>A named JSON value for front ends.</summary>
    public static NewEvent Data(string name, JsonNode? value) => new(RelayEventTypes.Data, "", new() { ["name"] = name, ["data"] = value?.DeepClone() });

    /// <summary>Completes the task.</summary>
    public static NewEvent End() => new(RelayEventTypes.End);

    /// <summary>Fails the task.</summary>
    /// <param name="code">A stable code.</param>
    /// <param name="message">A message that can be shown.</param>
    public static NewEvent Error(string code, string message) => new(RelayEventTypes.Error, message, new() { ["code"] = code });

    internal JsonObject ToJson()
    {
        var json = Fields?.DeepClone().AsObject() ?? [];
        (json["event_type"], json["content"]) = (Type, Content);
        return json;
    }
}
