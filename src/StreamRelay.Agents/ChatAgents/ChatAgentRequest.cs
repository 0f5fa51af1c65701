using System.Text.Json;
using Microsoft.Extensions.AI;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.ChatAgents;

/// <summary>What a chat client is asked.</summary>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">The instructions, the limits of sampling and the tools: the agent's, then the caller's.</param>
/// <param name="CallerTools">The names of the tools that the caller runs.</param>
/// <param name="Dropped">The fields of the client's request that are left out.</param>
internal sealed record ChatAgentRequest(IEnumerable<ChatMessage> Messages, ChatOptions Options, IReadOnlySet<string> CallerTools, IReadOnlyList<string> Dropped)
{
    /// <summary>Reads a task's input. A caller's tool with the name of a function of the agent is left out.</summary>
    public static ChatAgentRequest Read(TaskInput input, IReadOnlyList<AIFunction> functions)
    {
        var options = RequestOptions.Read(input);
        AIFunctionDeclaration[] callers = [.. Declarations(options.Take("tools")).Where(tool => functions.All(own => own.Name != tool.Name))];
        var chat = new ChatOptions
        {
            Instructions = options.Instructions,
            Temperature = Number(options.Take("temperature")),
            TopP = Number(options.Take("top_p")),
            MaxOutputTokens = (int?)Number(options.TakeFirst("max_completion_tokens", "max_tokens")),
            Tools = [.. functions, .. callers],
        };
        return new(
            ConversationReader.Read(JsonElement.Parse(input.Content.Span)).Select(ChatAgentMessages.ToChat), chat,
            callers.Select(static tool => tool.Name).ToHashSet(), [.. options.Dropped, .. options.Rest.Keys]);
    }

    private static float? Number(JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number ? number.GetSingle() : null;

    private static IEnumerable<AIFunctionDeclaration> Declarations(JsonElement? tools) =>
        tools is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(Declaration).OfType<AIFunctionDeclaration>() : [];

    private static AIFunctionDeclaration? Declaration(JsonElement tool) =>
        tool.TryGetProperty("function", out var function) && RequestJson.Text(function, "name") is { Length: > 0 } name
            ? AIFunctionFactory.CreateDeclaration(
                name, RequestJson.Text(function, "description"),
                function.TryGetProperty("parameters", out var schema) ? schema : JsonElement.Parse("""{"type":"object"}"""u8))
            : null;
}
