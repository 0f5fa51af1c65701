using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace StreamRelay.Client.Chat;

/// <summary>Writes the request of Chat Completions.</summary>
internal static class ChatRequestJson
{
    /// <summary>The body of the request.</summary>
    /// <exception cref="NotSupportedException">An option, a tool or a content has no form in it; the message names it.</exception>
    public static byte[] Create(string agent, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        options ??= new();
        var list = ChatMessageJson.Create(messages);
        if (options.Instructions is { } instructions)
            list.Insert(0, new JsonObject { ["role"] = "system", ["content"] = instructions });

        var body = new JsonObject { ["model"] = agent, ["stream"] = true, ["messages"] = list };
        Refuse(options);
        AddNumbers(body, options);
        AddTools(body, options);
        AddFormat(body, options);
        foreach (var (name, value) in options.AdditionalProperties ?? [])
            body[name] = JsonSerializer.SerializeToNode(value, ChatJson.Options);

        return JsonSerializer.SerializeToUtf8Bytes(body, ChatJson.Options);
    }

    private static void Refuse(ChatOptions options)
    {
        if (options.ConversationId is not null)
            throw new NotSupportedException("ChatOptions.ConversationId: send the messages of the conversation instead.");
        if (options.ContinuationToken is not null)
            throw new NotSupportedException("ChatOptions.ContinuationToken: read the task of the answer, whose id is its ResponseId, with StreamRelayClient.ReadAsync.");
        if (options.RawRepresentationFactory is not null)
            throw new NotSupportedException("ChatOptions.RawRepresentationFactory: fields that ChatOptions has no property for are taken from AdditionalProperties.");
    }

    private static void AddNumbers(JsonObject body, ChatOptions options)
    {
        Add("temperature", options.Temperature);
        Add("top_p", options.TopP);
        Add("top_k", options.TopK);
        Add("max_completion_tokens", options.MaxOutputTokens);
        Add("frequency_penalty", options.FrequencyPenalty);
        Add("presence_penalty", options.PresencePenalty);
        Add("seed", options.Seed);
        Add("reasoning_effort", Effort(options.Reasoning?.Effort));
        if (options.StopSequences is { Count: > 0 } stop)
            body["stop"] = new JsonArray([.. stop]);

        void Add(string name, JsonNode? value)
        {
            if (value is not null)
                body[name] = value;
        }
    }

    private static string? Effort(ReasoningEffort? effort) => effort switch
    {
        null => null,
        ReasoningEffort.ExtraHigh => "xhigh",
        { } other => other.ToString().ToLowerInvariant(),
    };

    private static void AddTools(JsonObject body, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
            return;

        body["tools"] = new JsonArray([.. tools.Select(Tool)]);
        if (options.AllowMultipleToolCalls is { } parallel)
            body["parallel_tool_calls"] = parallel;
        if (options.ToolMode is { } mode)
            body["tool_choice"] = Choice(mode);
    }

    private static JsonObject Tool(AITool tool) => tool is AIFunctionDeclaration function
        ? new()
        {
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = function.Name,
                ["description"] = function.Description,
                ["parameters"] = JsonObject.Create(function.JsonSchema),
            },
        }
        : throw new NotSupportedException($"ChatOptions.Tools: '{tool.Name}' is a {tool.GetType().Name}; an agent can be given functions.");

    private static JsonNode Choice(ChatToolMode mode) => mode switch
    {
        NoneChatToolMode => "none",
        RequiredChatToolMode { RequiredFunctionName: { } name } => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name } },
        RequiredChatToolMode => "required",
        _ => "auto",
    };

    private static void AddFormat(JsonObject body, ChatOptions options)
    {
        if (options.ResponseFormat is not ChatResponseFormatJson json)
            return;

        body["response_format"] = json.Schema is { } schema
            ? new JsonObject
            {
                ["type"] = "json_schema",
                ["json_schema"] = new JsonObject { ["name"] = json.SchemaName ?? "answer", ["description"] = json.SchemaDescription, ["schema"] = JsonObject.Create(schema) },
            }
            : new JsonObject { ["type"] = "json_object" };
    }
}
