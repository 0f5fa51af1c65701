using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Testing;

/// <summary>Writes the input of a task in the form in which a server keeps it.</summary>
internal static class HarnessInput
{
    /// <summary>JSON as clients send it.</summary>
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TaskInput Create(string text, AgentHarnessOptions options) => new(Content(text, options.Conversation), Options(options));

    private static ReadOnlyMemory<byte> Content(string text, IReadOnlyList<ConversationMessage> earlier) => earlier.Count == 0
        ? JsonSerializer.SerializeToUtf8Bytes(text, Json)
        : ConversationJson.Write(text.Length == 0 ? earlier : [.. earlier, new("user", [new TextPart(text)])]);

    private static ReadOnlyMemory<byte> Options(AgentHarnessOptions options)
    {
        if (options.Options is null && options.Tools.Count == 0)
            return default;

        var json = (JsonObject?)options.Options?.DeepClone() ?? [];
        if (options.Tools.Count > 0)
            json["tools"] = new JsonArray([.. options.Tools.Select(Tool)]);

        return JsonSerializer.SerializeToUtf8Bytes(json, Json);
    }

    private static JsonObject Tool(AIFunctionDeclaration tool) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = tool.Name, ["description"] = tool.Description, ["parameters"] = JsonNode.Parse(tool.JsonSchema.GetRawText()) },
    };
}
