using System.Text.Json;

namespace StreamRelay.Protocols.Requests;

/// <summary>Checks a list of messages as clients send it, naming the message that is wrong.</summary>
public static class MessageList
{
    private static readonly string[] Roles = ["developer", "system", "user", "assistant", "tool", "function"];

    /// <summary>Accepts a list of messages, which may be empty: each agent says what it needs.</summary>
    /// <exception cref="RequestException">It is missing or malformed.</exception>
    public static JsonElement Check(JsonElement? messages, string name)
    {
        if (messages is not { } list)
            throw RequestException.Invalid($"'{name}' is required.", name, "missing_field");

        Read(list, name, CheckMessage);
        return list;
    }

    /// <summary>Reads the messages one after the other.</summary>
    /// <param name="messages">The list.</param>
    /// <param name="name">Its name.</param>
    /// <param name="read">Reads a message, and gets its name.</param>
    /// <exception cref="RequestException">It is missing, or no list.</exception>
    internal static void Read(JsonElement? messages, string name, Action<JsonElement, string> read)
    {
        if (messages is not { ValueKind: JsonValueKind.Array } list)
            throw JsonFields.Wrong(name, "a list of messages");

        var index = 0;
        foreach (var message in list.EnumerateArray())
            read(message, $"{name}[{index++}]");
    }

    private static void CheckMessage(JsonElement message, string name)
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong(name, "an object");
        if (!message.TryGetProperty("role", out var role) || role.ValueKind != JsonValueKind.String || !Roles.Contains(JsonFields.Text(role, name)))
            throw JsonFields.Wrong($"{name}.role", $"one of {string.Join(", ", Roles)}");
        if (message.Optional("content") is not { } content || content.ValueKind == JsonValueKind.String)
            return;
        if (content.ValueKind != JsonValueKind.Array)
            throw JsonFields.Wrong($"{name}.content", "a string or a list of parts");

        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object || part.OptionalText("type") is null)
                throw JsonFields.Wrong($"{name}.content[{index}]", "an object with a 'type'");
            if (part.TryGetProperty("text", out var text) && text.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                throw JsonFields.Wrong($"{name}.content[{index}].text", "a string");

            index++;
        }
    }
}
