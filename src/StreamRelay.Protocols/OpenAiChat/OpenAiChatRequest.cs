using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>A checked <c>POST /v1/chat/completions</c>. Messages and options of tasks have the form of this protocol, so an agent gets the body as it came.</summary>
/// <param name="Model">The agent's name, or <see langword="null"/>.</param>
/// <param name="Stream">Whether to answer with a stream.</param>
/// <param name="IncludeUsage">Whether a last chunk reports the usage.</param>
/// <param name="Json">The body.</param>
public sealed record OpenAiChatRequest(string? Model, bool Stream, bool IncludeUsage, JsonElement Json)
{
    /// <summary>Checks a body.</summary>
    /// <exception cref="RequestException">400, naming the field that is wrong.</exception>
    public static OpenAiChatRequest Read(JsonElement json)
    {
        MessageList.Check(json.Optional("messages"), "messages");
        if (json.Optional("n") is { } n && !(n.ValueKind == JsonValueKind.Number && n.TryGetInt64(out var count) && count == 1))
            throw RequestException.Invalid("'n' must be 1: a task gives one answer.", "n", "unsupported_value");

        var model = json.OptionalText("model");
        var stream = json.Flag("stream");
        var includeUsage = json.OptionalObject("stream_options") is { } options && options.Flag("include_usage");
        json.OptionalObject("metadata");
        return new(model is "" ? null : model, stream, includeUsage, json);
    }

    /// <summary>The task that the request starts.</summary>
    public TaskRequestDraft ToDraft(string agent) => new(agent, new(Json.GetProperty("messages").Raw(), Json.Without("messages")))
    {
        Metadata = Json.OptionalObject("metadata")?.Raw() ?? default,
        IsRead = true,
        Protocol = IncludeUsage ? OpenAiChatStart.WithUsage : default,
    };
}
