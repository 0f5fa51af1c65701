using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>A checked <c>POST /v1/messages</c>.</summary>
/// <param name="Model">The agent's name, or <see langword="null"/>.</param>
/// <param name="Stream">Whether to answer with a stream.</param>
/// <param name="Json">The body.</param>
/// <param name="Input">The input in the form that agents get.</param>
public sealed record AnthropicRequest(string? Model, bool Stream, JsonElement Json, TaskInput Input)
{
    /// <summary>Checks a body.</summary>
    /// <exception cref="RequestException">400: a field is malformed, or is not supported.</exception>
    public static AnthropicRequest Read(JsonElement json)
    {
        var options = new OptionsBuilder();
        options.Add(json, AnthropicFields.Body, new AnthropicOptions(options).Translate);
        var messages = new AnthropicInput(options).Read(json);
        var input = new TaskInput(ConversationJson.Write(messages), options.ToJson());
        var model = json.OptionalText("model");
        return new(model is "" ? null : model, json.Flag("stream"), json, input);
    }

    /// <summary>The tokens of the input, estimated.</summary>
    public long EstimateTokens() => AnthropicTokens.Estimate(ConversationReader.Read(JsonElement.Parse(Input.Content.Span)), Json.Optional("tools"));

    /// <summary>The task that the request starts.</summary>
    public TaskRequestDraft ToDraft(string agent) => new(agent, Input)
    {
        Metadata = Json.OptionalObject("metadata")?.Raw() ?? default,
        IsRead = true,
    };
}
