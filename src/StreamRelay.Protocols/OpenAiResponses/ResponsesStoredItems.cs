using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>The items of a stored conversation: checks those that a client adds, and reads all of them for an agent.</summary>
public static class ResponsesStoredItems
{
    private static readonly Dictionary<string, string> Prefixes = new()
    {
        ["message"] = "msg",
        ["reasoning"] = "rs",
        ["function_call"] = "fc",
        ["function_call_output"] = "fco",
        ["custom_tool_call"] = "ctc",
        ["custom_tool_call_output"] = "ctco",
    };

    /// <summary>Reads the list <c>items</c> of a request.</summary>
    /// <param name="items">The list.</param>
    /// <param name="createId">Creates an id without the prefix of its type. Ids that the client sends are replaced.</param>
    /// <exception cref="RequestException">400, naming the item that is wrong or cannot be kept.</exception>
    public static IReadOnlyList<ConversationItem> Read(JsonElement items, Func<string> createId)
    {
        ArgumentNullException.ThrowIfNull(createId);
        var options = new OptionsBuilder();
        new ResponsesInput(options).ReadItems(items, "items");
        if (options.Untranslated.Count > 0)
            throw ResponsesRequest.Unkept(options.Untranslated[0]);

        return [.. items.EnumerateArray().Select(item => Read(item, createId()))];
    }

    /// <summary>The messages that stored items are.</summary>
    /// <returns>A UTF-8 JSON array, as an agent gets it.</returns>
    public static ReadOnlyMemory<byte> ToMessages(IReadOnlyList<ConversationItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return ConversationJson.Write(new ResponsesInput(new()).ReadItems(JsonElement.Parse(ToList(items)), "items"));
    }

    private static byte[] ToList(IReadOnlyList<ConversationItem> items)
    {
        var list = new Utf8Buffer(1024);
        list.Write("["u8);
        foreach (var item in items)
        {
            if (list.WrittenSpan.Length > 1)
                list.Write(","u8);

            list.Write(item.Json.Span);
        }

        list.Write("]"u8);
        return list.WrittenSpan.ToArray();
    }

    private static ConversationItem Read(JsonElement item, string id)
    {
        var type = item.OptionalText("type") ?? "message";
        var ownId = $"{Prefixes[type]}_{id}";
        return new(ownId, ResponsesItemJson.Write(ownId, type, json =>
        {
            if (type != "reasoning")
                json.WriteString("status", item.OptionalText("status") ?? "completed");

            foreach (var field in item.EnumerateObject().Where(static field => field.Name is not ("id" or "type" or "status")))
                WriteField(json, type, item, field);
        }));
    }

    /// <summary>The content of a message is always a list.</summary>
    private static void WriteField(Utf8JsonWriter json, string type, JsonElement item, JsonProperty field)
    {
        if (type != "message" || field is not { Name: "content", Value.ValueKind: JsonValueKind.String })
        {
            field.WriteTo(json);
            return;
        }

        json.WriteStartArray("content");
        ResponsesInputParts.Write(json, item.OptionalText("role")!, field.Value);
        json.WriteEndArray();
    }
}
