using System.Text.Json;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream.Chat;

/// <summary>Writes requests of Chat Completions. Messages and options have this form already, whichever protocol the client used:
/// they are copied, but for what has no form there.</summary>
internal static class ChatRequestWriter
{
    private static readonly string[] OwnFields = ["model", "stream", "stream_options", "messages", NeutralOptions.Instructions, NeutralOptions.Untranslated];

    /// <summary>Writes the request for the input of a task.</summary>
    public static UpstreamRequest Write(TaskInput input, string model)
    {
        var options = JsonElement.Parse(input.Options.IsEmpty ? "{}"u8 : input.Options.Span);
        List<string> dropped = [.. NeutralOptions.UntranslatedFields(options)];
        return UpstreamRequest.Create(model, dropped, json =>
        {
            json.WriteStartObject("stream_options");
            json.WriteBoolean("include_usage", true);
            json.WriteEndObject();
            WriteMessages(json, input, options, dropped);
            json.WriteFields(options.Fields(OwnFields));
        });
    }

    private static void WriteMessages(Utf8JsonWriter json, TaskInput input, JsonElement options, List<string> dropped)
    {
        var content = JsonElement.Parse(input.Content.Span);
        json.WriteStartArray("messages");
        if (options.TryGetProperty(NeutralOptions.Instructions, out var instructions) && instructions.ValueKind == JsonValueKind.String)
            WriteMessage(json, "system", instructions);
        if (content.ValueKind == JsonValueKind.String)
        {
            WriteMessage(json, "user", content);
        }
        else
        {
            foreach (var message in content.EnumerateArray())
                ChatMessageWriter.Write(json, message, dropped);
        }

        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, JsonElement content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WritePropertyName("content");
        content.WriteTo(json);
        json.WriteEndObject();
    }
}
