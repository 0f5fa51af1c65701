using System.Buffers;
using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Converts the input of a response into the list of messages that agents get.</summary>
internal static class ResponsesInput
{
    /// <exception cref="RequestException">400, naming the item that is wrong.</exception>
    public static ReadOnlyMemory<byte> ToMessages(JsonElement? input)
    {
        if (input is not { } given)
            throw RequestException.Invalid("'input' is required.", "input", "missing_field");

        var buffer = new ArrayBufferWriter<byte>();
        using (var messages = new Utf8JsonWriter(buffer))
        {
            messages.WriteStartArray();
            if (given.ValueKind == JsonValueKind.String)
                WriteMessage(messages, "user", given);
            else
                WriteItems(messages, given);

            messages.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteItems(Utf8JsonWriter messages, JsonElement items)
    {
        if (items.ValueKind != JsonValueKind.Array)
            throw JsonFields.Wrong("input", "a string or a list of items");

        var index = 0;
        foreach (var item in items.EnumerateArray())
            WriteItem(messages, item, $"input[{index++}]");
    }

    private static void WriteItem(Utf8JsonWriter messages, JsonElement item, string name)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong(name, "an object");

        switch (item.OptionalText("type") ?? "message")
        {
            case "message":
                WriteMessage(messages, item.OptionalText("role") ?? throw JsonFields.Wrong($"{name}.role", "a string"),
                    item.Optional("content") ?? throw JsonFields.Wrong($"{name}.content", "a string or a list of parts"));
                break;
            case "function_call":
                WriteCall(messages, item);
                break;
            case "function_call_output":
                WriteOutput(messages, item);
                break;
        }
    }

    private static void WriteMessage(Utf8JsonWriter messages, string role, JsonElement content)
    {
        messages.WriteStartObject();
        messages.WriteString("role", role);
        messages.WritePropertyName("content");
        messages.WriteRawValue(content.Raw().Span, skipInputValidation: true);
        messages.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter messages, JsonElement item)
    {
        messages.WriteStartObject();
        messages.WriteString("role", "assistant");
        messages.WriteNull("content");
        messages.WriteStartArray("tool_calls");
        messages.WriteStartObject();
        messages.WriteString("id", item.OptionalText("call_id"));
        messages.WriteString("type", "function");
        messages.WriteStartObject("function");
        messages.WriteString("name", item.OptionalText("name"));
        messages.WriteString("arguments", item.OptionalText("arguments"));
        messages.WriteEndObject();
        messages.WriteEndObject();
        messages.WriteEndArray();
        messages.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter messages, JsonElement item)
    {
        messages.WriteStartObject();
        messages.WriteString("role", "tool");
        messages.WriteString("tool_call_id", item.OptionalText("call_id"));
        messages.WritePropertyName("content");
        messages.WriteRawValue((item.Optional("output")?.Raw() ?? "\"\""u8.ToArray()).Span, skipInputValidation: true);
        messages.WriteEndObject();
    }
}
