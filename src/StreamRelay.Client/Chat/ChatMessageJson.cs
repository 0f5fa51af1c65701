using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace StreamRelay.Client.Chat;

/// <summary>Writes messages in the form of Chat Completions.</summary>
internal static class ChatMessageJson
{
    /// <summary>The messages. One of an answer in which the agent ran tools becomes several: the calls, the results, and what was written after them.</summary>
    /// <exception cref="NotSupportedException">A content has no form; the message names it.</exception>
    public static JsonArray Create(IEnumerable<ChatMessage> messages) => [.. messages.SelectMany(Split)];

    private static IEnumerable<JsonNode> Split(ChatMessage message)
    {
        if (message.Role != ChatRole.Assistant && message.Role != ChatRole.Tool)
        {
            yield return new JsonObject { ["role"] = message.Role.Value, ["content"] = Content(message) };
            yield break;
        }

        List<AIContent> part = [];
        foreach (var content in message.Contents)
        {
            if (content is FunctionResultContent result)
            {
                if (Answer(part) is { } before)
                    yield return before;

                part.Clear();
                yield return new JsonObject { ["role"] = "tool", ["tool_call_id"] = result.CallId, ["content"] = Text(result) };
            }
            else
            {
                part.Add(content);
            }
        }

        if (Answer(part) is { } last)
            yield return last;
    }

    private static JsonNode Content(ChatMessage message) => message.Contents.All(content => content is TextContent)
        ? JsonValue.Create(message.Text)
        : new JsonArray([.. message.Contents.Select(Part)]);

    private static JsonNode Part(AIContent content) => content switch
    {
        TextContent text => new JsonObject { ["type"] = "text", ["text"] = text.Text },
        UriContent image when image.HasTopLevelMediaType("image") => Image(image.Uri.ToString()),
        DataContent image when image.HasTopLevelMediaType("image") => Image(image.Uri),
        DataContent { MediaType: "audio/wav" } audio => Audio(audio, "wav"),
        DataContent { MediaType: "audio/mpeg" } audio => Audio(audio, "mp3"),
        DataContent file => File(new JsonObject { ["filename"] = file.Name, ["file_data"] = file.Uri }),
        HostedFileContent file => File(new JsonObject { ["file_id"] = file.FileId }),
        _ => throw NoForm(content),
    };

    private static JsonObject Image(string url) => new() { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = url } };

    private static JsonObject Audio(DataContent audio, string format) => new()
    {
        ["type"] = "input_audio",
        ["input_audio"] = new JsonObject { ["data"] = audio.Base64Data.ToString(), ["format"] = format },
    };

    private static JsonObject File(JsonObject file) => new() { ["type"] = "file", ["file"] = file };

    /// <summary>An assistant's message. Its usage and the files of its task are not sent back.</summary>
    private static JsonObject? Answer(List<AIContent> contents)
    {
        if (contents.FirstOrDefault(content => content is not (TextContent or TextReasoningContent or FunctionCallContent or UsageContent or UriContent)) is { } other)
            throw NoForm(other);

        var text = string.Concat(contents.OfType<TextContent>().Select(content => content.Text));
        var reasoning = string.Concat(contents.OfType<TextReasoningContent>().Select(content => content.Text));
        FunctionCallContent[] calls = [.. contents.OfType<FunctionCallContent>()];
        if (text.Length + reasoning.Length + calls.Length == 0)
            return null;

        var answer = new JsonObject { ["role"] = "assistant", ["content"] = text.Length > 0 || calls.Length == 0 ? text : null };
        if (reasoning.Length > 0)
            answer["reasoning_content"] = reasoning;
        if (calls.Length > 0)
            answer["tool_calls"] = new JsonArray([.. calls.Select(Call)]);

        return answer;
    }

    private static JsonObject Call(FunctionCallContent call) => new()
    {
        ["id"] = call.CallId,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), ChatJson.Options) },
    };

    private static string Text(FunctionResultContent result) => result.Result switch
    {
        null => result.Exception is { } failure ? $"Error: {failure.Message}" : "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } other => JsonSerializer.Serialize(other, ChatJson.Options),
    };

    private static NotSupportedException NoForm(AIContent content) =>
        new($"A message has a {content.GetType().Name}{(content is UriContent { MediaType: var type } ? $" of type {type}" : "")}, which an agent cannot be given.");
}
