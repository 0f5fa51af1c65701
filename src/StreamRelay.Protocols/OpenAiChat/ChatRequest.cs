using System.Text.Json;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>A checked <c>POST /v1/chat/completions</c>. Fields it does not know are kept as options for the agent.</summary>
internal sealed record ChatRequest(string? Model, bool Stream, bool IncludeUsage, ReadOnlyMemory<byte> Metadata, TaskInput Input)
{
    /// <exception cref="RequestException">400, naming the field at fault.</exception>
    public static ChatRequest Read(JsonElement json)
    {
        var messages = MessageList.Check(json.Optional("messages"), "messages");
        if (json.Optional("n") is { } n && !(n.ValueKind == JsonValueKind.Number && n.TryGetInt64(out var count) && count == 1))
            throw RequestException.Invalid("'n' must be 1: a task gives one answer.", "n", "unsupported_value");

        var model = json.OptionalText("model");
        return new(
            model is "" ? null : model,
            json.Flag("stream"),
            json.OptionalObject("stream_options") is { } options && options.Flag("include_usage"),
            json.OptionalObject("metadata")?.Raw() ?? default,
            new(messages.Raw(), json.Without("messages")));
    }

    public TaskRequestDraft ToDraft(string agent) => new(agent)
    {
        Metadata = Metadata,
        IsRead = true,
        Protocol = IncludeUsage ? "{\"include_usage\":true}"u8.ToArray() : default,
    };
}
