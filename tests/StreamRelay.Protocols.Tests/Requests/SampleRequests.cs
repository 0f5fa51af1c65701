using System.Text.Json.Nodes;

namespace StreamRelay.Protocols.Requests;

/// <summary>Writes a generated conversation as a client of each protocol does.</summary>
internal static class SampleRequests
{
    /// <summary>The messages of Chat Completions, which are what agents get from every protocol.</summary>
    public static JsonArray Chat(SampleTurn[] turns)
    {
        var messages = new JsonArray();
        var ids = new Ids();
        foreach (var turn in turns)
        {
            JsonNode content = turn is { Texts: [var only], Image: null } ? only
                : new JsonArray([.. turn.Texts.Select(static text => Part("text", text)),
                    .. turn.Image is null ? (JsonNode[])[] : [new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = turn.Image } }]]);
            messages.Add(new JsonObject { ["role"] = "user", ["content"] = content });
            foreach (var step in turn.Steps.Append(turn.Answer))
                AddChatStep(messages, step, ids);
        }

        return messages;
    }

    public static JsonObject Responses(SampleTurn[] turns)
    {
        var items = new JsonArray();
        var ids = new Ids();
        foreach (var turn in turns)
        {
            var content = new JsonArray([.. turn.Texts.Select(static text => Part("input_text", text)),
                .. turn.Image is null ? (JsonNode[])[] : [new JsonObject { ["type"] = "input_image", ["image_url"] = turn.Image }]]);
            items.Add(new JsonObject { ["role"] = "user", ["content"] = content });
            foreach (var step in turn.Steps.Append(turn.Answer))
                AddItems(items, step, ids);
        }

        return new() { ["model"] = "a", ["input"] = items };
    }

    public static JsonObject Anthropic(SampleTurn[] turns)
    {
        var messages = new JsonArray();
        var ids = new Ids();
        foreach (var turn in turns)
        {
            var content = new JsonArray([.. turn.Texts.Select(static text => Part("text", text)), .. turn.Image is null ? (JsonNode[])[] : [AnthropicImage(turn.Image)]]);
            messages.Add(new JsonObject { ["role"] = "user", ["content"] = content });
            foreach (var step in turn.Steps.Append(turn.Answer))
                AddAnthropicStep(messages, step, ids);
        }

        return new() { ["model"] = "a", ["max_tokens"] = 1, ["messages"] = messages };
    }

    public static JsonObject AiSdk(SampleTurn[] turns)
    {
        var messages = new JsonArray();
        var ids = new Ids();
        foreach (var turn in turns)
        {
            messages.Add(new JsonObject
            {
                ["role"] = "user",
                ["parts"] = new JsonArray([.. turn.Texts.Select(static text => Part("text", text)),
                    .. turn.Image is null ? (JsonNode[])[] : [new JsonObject { ["type"] = "file", ["mediaType"] = "image/png", ["url"] = turn.Image }]]),
            });
            messages.Add(new JsonObject { ["role"] = "assistant", ["parts"] = new JsonArray([.. turn.Steps.Append(turn.Answer).SelectMany(step => UiParts(step, ids))]) });
        }

        return new() { ["id"] = "chat", ["messages"] = messages };
    }

    public static JsonObject AgUi(SampleTurn[] turns)
    {
        var messages = new JsonArray();
        var ids = new Ids();
        foreach (var turn in turns)
        {
            var content = new JsonArray([.. turn.Texts.Select(static text => Part("text", text)), .. turn.Image is null ? (JsonNode[])[] : [AgUiImage(turn.Image)]]);
            messages.Add(new JsonObject { ["id"] = "u", ["role"] = "user", ["content"] = content });
            foreach (var step in turn.Steps.Append(turn.Answer))
                AddAgUiStep(messages, step, ids);
        }

        return new() { ["threadId"] = "t", ["runId"] = "r", ["messages"] = messages };
    }

    private static void AddChatStep(JsonArray messages, SampleStep step, Ids ids)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = step.Text };
        if (step.Reasoning is not null)
            message["reasoning_content"] = step.Reasoning;

        var calls = step.Calls.Select(call => (Id: ids.Next(), Call: call)).ToArray();
        if (calls.Length > 0)
            message["tool_calls"] = new JsonArray([.. calls.Select(call => Function(call.Id, call.Call))]);

        messages.Add(message);
        foreach (var (id, call) in calls)
            messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = id, ["content"] = call.Result });
    }

    private static void AddItems(JsonArray items, SampleStep step, Ids ids)
    {
        if (step.Reasoning is not null)
            items.Add(new JsonObject { ["type"] = "reasoning", ["id"] = "r", ["summary"] = new JsonArray(Part("summary_text", step.Reasoning)) });
        if (step.Text is not null)
            items.Add(new JsonObject { ["type"] = "message", ["role"] = "assistant", ["content"] = new JsonArray(Part("output_text", step.Text)) });

        var calls = step.Calls.Select(call => (Id: ids.Next(), Call: call)).ToArray();
        foreach (var (id, call) in calls)
            items.Add(new JsonObject { ["type"] = "function_call", ["call_id"] = id, ["name"] = call.Name, ["arguments"] = call.Arguments });
        foreach (var (id, call) in calls)
            items.Add(new JsonObject { ["type"] = "function_call_output", ["call_id"] = id, ["output"] = call.Result });
    }

    private static IEnumerable<JsonNode> UiParts(SampleStep step, Ids ids)
    {
        yield return new JsonObject { ["type"] = "step-start" };
        if (step.Reasoning is not null)
            yield return Part("reasoning", step.Reasoning);
        if (step.Text is not null)
            yield return Part("text", step.Text);

        foreach (var call in step.Calls)
        {
            yield return new JsonObject
            {
                ["type"] = $"tool-{call.Name}",
                ["toolCallId"] = ids.Next(),
                ["state"] = "output-available",
                ["input"] = JsonNode.Parse(call.Arguments),
                ["output"] = call.Result,
            };
        }
    }

    private static void AddAgUiStep(JsonArray messages, SampleStep step, Ids ids)
    {
        if (step.Reasoning is not null)
            messages.Add(new JsonObject { ["id"] = "r", ["role"] = "reasoning", ["content"] = step.Reasoning });
        if (step.Text is not null)
            messages.Add(new JsonObject { ["id"] = "a", ["role"] = "assistant", ["content"] = step.Text });

        // The client makes a message of each call.
        var calls = step.Calls.Select(call => (Id: ids.Next(), Call: call)).ToArray();
        foreach (var (id, call) in calls)
            messages.Add(new JsonObject { ["id"] = id, ["role"] = "assistant", ["toolCalls"] = new JsonArray(Function(id, call)) });
        foreach (var (id, call) in calls)
            messages.Add(new JsonObject { ["id"] = $"{id}-result", ["role"] = "tool", ["toolCallId"] = id, ["content"] = call.Result });
    }

    private static void AddAnthropicStep(JsonArray messages, SampleStep step, Ids ids)
    {
        var calls = step.Calls.Select(call => (Id: ids.Next(), Call: call)).ToArray();
        messages.Add(new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = new JsonArray(
            [
                .. step.Reasoning is null ? (JsonNode[])[] : [new JsonObject { ["type"] = "thinking", ["thinking"] = step.Reasoning, ["signature"] = "" }],
                .. step.Text is null ? (JsonNode[])[] : [Part("text", step.Text)],
                .. calls.Select(static call => new JsonObject
                {
                    ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Call.Name, ["input"] = JsonNode.Parse(call.Call.Arguments),
                }),
            ]),
        });
        if (calls.Length > 0)
        {
            messages.Add(new JsonObject
            {
                ["role"] = "user",
                ["content"] = new JsonArray([.. calls.Select(static call => new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = call.Id, ["content"] = call.Call.Result })]),
            });
        }
    }

    private static JsonObject AnthropicImage(string image)
    {
        var comma = image.IndexOf(',', StringComparison.Ordinal);
        var source = comma < 0
            ? new JsonObject { ["type"] = "url", ["url"] = image }
            : new JsonObject { ["type"] = "base64", ["media_type"] = "image/png", ["data"] = image[(comma + 1)..] };
        return new() { ["type"] = "image", ["source"] = source };
    }

    private static JsonObject AgUiImage(string image)
    {
        var comma = image.IndexOf(',', StringComparison.Ordinal);
        var source = comma < 0
            ? new JsonObject { ["type"] = "url", ["value"] = image }
            : new JsonObject { ["type"] = "data", ["value"] = image[(comma + 1)..], ["mimeType"] = "image/png" };
        return new() { ["type"] = "image", ["source"] = source };
    }

    private static JsonObject Part(string type, string text) => new() { ["type"] = type, ["text"] = text };

    private static JsonObject Function(string id, SampleCall call) =>
        new() { ["id"] = id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments } };

    private sealed class Ids
    {
        private int _last;

        public string Next() => $"call_{++_last}";
    }
}
