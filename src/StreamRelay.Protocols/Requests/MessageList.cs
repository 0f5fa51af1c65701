using System.Buffers;
using System.Text.Json;
using StreamRelay.Conversations;

namespace StreamRelay.Protocols.Requests;

/// <summary>Checks a list of messages as clients send it, naming the message that is wrong.</summary>
public static class MessageList
{
    private static readonly string[] Roles = ["developer", "system", "user", "assistant", "tool", "function"];

    /// <summary>Accepts a list that holds a user message with text in it.</summary>
    /// <exception cref="RequestException">It is missing, empty or malformed, or no user message has text.</exception>
    public static JsonElement Check(JsonElement? messages, string name)
    {
        if (messages is not { } list)
            throw RequestException.Invalid($"'{name}' is required.", name, "missing_field");
        if (list.ValueKind != JsonValueKind.Array)
            throw JsonFields.Wrong(name, "a list of messages");

        var index = 0;
        foreach (var message in list.EnumerateArray())
            CheckMessage(message, $"{name}[{index++}]");

        return LastUserText(list, name) is null
            ? throw RequestException.Invalid($"'{name}' holds no user message with text in it.", name, "no_user_message")
            : list;
    }

    /// <summary>Converts the messages of a protocol into the list that agents get.</summary>
    /// <param name="messages">The client's list.</param>
    /// <param name="write">Writes the messages that one message of the list becomes; its last argument is the name of that message in errors.</param>
    /// <exception cref="RequestException">It is not a list, a message is malformed, or no user message has text.</exception>
    internal static ReadOnlyMemory<byte> Convert(JsonElement? messages, Action<Utf8JsonWriter, JsonElement, string> write)
    {
        if (messages is not { ValueKind: JsonValueKind.Array } list)
            throw JsonFields.Wrong("messages", "a list of messages");

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            var index = 0;
            foreach (var message in list.EnumerateArray())
            {
                var name = $"messages[{index++}]";
                if (message.ValueKind != JsonValueKind.Object)
                    throw JsonFields.Wrong(name, "an object");

                write(json, message, name);
            }

            json.WriteEndArray();
        }

        Check(JsonElement.Parse(buffer.WrittenSpan), "messages");
        return buffer.WrittenMemory;
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

    private static string? LastUserText(JsonElement list, string name)
    {
        try
        {
            return TaskMessages.LastUserText(list);
        }
        catch (InvalidOperationException)
        {
            throw InvalidUnicode.In(name);
        }
    }
}
