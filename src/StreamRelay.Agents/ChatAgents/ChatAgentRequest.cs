using System.Text.Json;
using Microsoft.Extensions.AI;
using StreamRelay.Agents.Upstream;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.ChatAgents;

/// <summary>What a chat client is asked.</summary>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">The options of the request, with the agent's tools, then the caller's.</param>
/// <param name="CallerTools">The names of the tools that the caller runs.</param>
/// <param name="Dropped">The fields of the client's request that are left out.</param>
internal sealed record ChatAgentRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, IReadOnlySet<string> CallerTools, IReadOnlyList<string> Dropped)
{
    /// <summary>Reports what a chat client cannot be given of an input.</summary>
    public static InputReport Check(TaskInput input, IReadOnlyList<AIFunction> functions, bool takesOptions = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        try
        {
            return new(UpstreamTurns.Check(JsonElement.Parse(input.Content.Span)), Read(input, functions, takesOptions).Dropped);
        }
        catch (AgentException exception)
        {
            return new(new(exception.Code, $"cannot be read: {exception.Message}"), []);
        }
    }

    /// <summary>Reads a task's input. A caller's tool with the name of a function of the agent is left out.</summary>
    /// <param name="input">The input.</param>
    /// <param name="functions">The functions that the agent runs itself.</param>
    /// <param name="takesOptions">Whether the options and the tools of a request can be given to the client; instructions are a message where they cannot.</param>
    /// <exception cref="AgentException">A media part cannot be read; the code is <c>invalid_media</c>.</exception>
    public static ChatAgentRequest Read(TaskInput input, IReadOnlyList<AIFunction> functions, bool takesOptions = true)
    {
        var options = RequestOptions.Read(input);
        var messages = ConversationReader.Read(JsonElement.Parse(input.Content.Span)).Select(message => ChatAgentMessages.ToChat(message, options.Dropped)).ToList();
        if (!takesOptions)
            return WithoutOptions(messages, options);

        var callers = Declarations(options, functions.Select(static own => own.Name).ToHashSet());
        var chat = ChatAgentOptions.Take(options);
        chat.Tools = [.. functions, .. callers];
        options.Drop([.. options.Rest.Keys]);
        return new(messages, chat, callers.Select(static tool => tool.Name).ToHashSet(), options.Dropped);
    }

    private static ChatAgentRequest WithoutOptions(List<ChatMessage> messages, RequestOptions options)
    {
        if (options.Instructions is { Length: > 0 } instructions)
            messages.Insert(0, new(ChatRole.System, instructions));

        options.Drop([.. options.Rest.Keys]);
        return new(messages, new(), new HashSet<string>(), options.Dropped);
    }

    private static List<AIFunctionDeclaration> Declarations(RequestOptions options, HashSet<string> own)
    {
        List<AIFunctionDeclaration> declarations = [];
        if (!options.Rest.TryGetValue("tools", out var tools) || tools.ValueKind != JsonValueKind.Array)
            return declarations;

        options.Take("tools");
        foreach (var (index, tool) in tools.EnumerateArray().Index())
        {
            if (Declaration(tool) is { } declaration && !own.Contains(declaration.Name))
                declarations.Add(declaration);
            else
                options.Dropped.Add($"tools[{index}]");
        }

        return declarations;
    }

    private static AIFunctionDeclaration? Declaration(JsonElement tool) =>
        tool.Find("function", JsonValueKind.Object) is { } function && RequestJson.Text(function, "name") is { Length: > 0 } name
            ? AIFunctionFactory.CreateDeclaration(
                name, RequestJson.Text(function, "description"),
                function.TryGetProperty("parameters", out var schema) ? schema : JsonElement.Parse("""{"type":"object"}"""u8))
            : null;
}
