using System.Text.Json.Nodes;

namespace StreamRelay.TestSupport.Upstreams;

/// <summary>Generates the frames of an answer with text, reasoning and parallel calls in any API.</summary>
/// <remarks>Each piece of content has a number of its own, written <c>w1x</c>, so that a test finds out what arrived.</remarks>
internal sealed class SampleAnswer(Random random)
{
    private int _words;

    /// <summary>The frames, in order.</summary>
    public IEnumerable<JsonObject> Frames(UpstreamWire wire) => wire switch
    {
        UpstreamWire.Responses => Responses(),
        UpstreamWire.Messages => Messages(),
        _ => Chat(),
    };

    /// <summary>A piece of content that no other piece has.</summary>
    public string Word() => $"w{++_words}x";

    public string Pick(params string[] values) => values[random.Next(values.Length)];

    private IEnumerable<JsonObject> Chat()
    {
        yield return Chunk(new() { ["role"] = "assistant", ["content"] = "" });
        for (var count = random.Next(3); count > 0; count--)
            yield return Chunk(new() { [Pick("reasoning_content", "reasoning")] = Word() });
        for (var count = random.Next(4); count > 0; count--)
            yield return Chunk(new() { ["content"] = Content() });
        for (var count = random.Next(3); count > 0; count--)
        {
            var index = count - 1;
            yield return Call(new() { ["index"] = index, ["id"] = $"call_{count}", ["type"] = "function", ["function"] = new JsonObject { ["name"] = $"tool_{count}", ["arguments"] = "" } });
            yield return Call(new() { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = $"{{\"a\":\"{Word()}\"," } });
            yield return Call(new() { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = $"\"b\":\"{Word()}\"}}" } });
        }

        if (random.Next(3) == 0)
            yield return Chunk(new() { ["refusal"] = Word(), ["extra_content"] = new JsonObject { ["signature"] = Word() } });

        yield return Chunk([], Pick("stop", "length", "tool_calls", "max_tokens"));
        yield return new() { ["choices"] = Pick("[]", "null") == "[]" ? new JsonArray() : null, ["usage"] = new JsonObject { ["prompt_tokens"] = 7.5, ["completion_tokens"] = 3 } };
    }

    private static JsonObject Call(JsonObject call) => Chunk(new() { ["tool_calls"] = new JsonArray(call) });

    private static JsonObject Chunk(JsonObject delta, string? finish = null) =>
        new() { ["id"] = "x", ["object"] = "chat.completion.chunk", ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }) };

    private JsonNode Content() => random.Next(3) switch
    {
        0 => new JsonArray(new JsonObject { ["type"] = "text", ["text"] = Word() }, new JsonObject { ["type"] = Pick("text", "thinking"), ["text"] = Word() }),
        _ => Word(),
    };

    private IEnumerable<JsonObject> Responses()
    {
        var output = new JsonArray();
        yield return Event("response.created", new() { ["response"] = new JsonObject { ["id"] = "r", ["status"] = "in_progress" } });
        if (random.Next(2) == 0)
        {
            foreach (var frame in ReasoningItem(output))
                yield return frame;
        }

        foreach (var frame in MessageItem(output))
            yield return frame;

        for (var count = random.Next(3); count > 0; count--)
        {
            foreach (var frame in CallItem(output))
                yield return frame;
        }

        var hasOutput = random.Next(3) > 0;
        yield return Event("response.completed", new()
        {
            ["response"] = new JsonObject { ["id"] = "r", ["status"] = "completed", ["output"] = hasOutput ? output : new JsonArray(), ["usage"] = new JsonObject { ["input_tokens"] = 7, ["output_tokens"] = 3 } },
        });
    }

    private IEnumerable<JsonObject> ReasoningItem(JsonArray output)
    {
        var (index, text) = (output.Count, Word() + " " + Word());
        var item = new JsonObject { ["type"] = "reasoning", ["id"] = "rs", ["summary"] = new JsonArray(new JsonObject { ["type"] = "summary_text", ["text"] = text }), ["encrypted_content"] = Word() };
        output.Add(item);
        foreach (var piece in text.Split(' ', 2))
            yield return Event("response.reasoning_summary_text.delta", new() { ["item_id"] = "rs", ["output_index"] = index, ["summary_index"] = 0, ["delta"] = piece == text.Split(' ')[0] ? piece + " " : piece });

        yield return Event("response.output_item.done", new() { ["output_index"] = index, ["item"] = item.DeepClone() });
    }

    private IEnumerable<JsonObject> MessageItem(JsonArray output)
    {
        var (index, pieces) = (output.Count, Enumerable.Range(0, random.Next(4)).Select(_ => Word()).ToArray());
        var part = new JsonObject { ["type"] = "output_text", ["text"] = string.Concat(pieces) };
        var item = new JsonObject { ["type"] = "message", ["id"] = "msg", ["role"] = "assistant", ["content"] = new JsonArray(part) };
        output.Add(item);
        yield return Event("response.output_item.added", new() { ["output_index"] = index, ["item"] = new JsonObject { ["type"] = "message", ["id"] = "msg", ["content"] = new JsonArray() } });
        var isStreamed = random.Next(4) > 0;
        foreach (var piece in isStreamed ? pieces : [])
            yield return Event("response.output_text.delta", new() { ["item_id"] = "msg", ["output_index"] = index, ["content_index"] = 0, ["delta"] = piece });

        yield return Event("response.output_text.done", new() { ["item_id"] = "msg", ["output_index"] = index, ["content_index"] = 0, ["text"] = string.Concat(pieces) });
        yield return Event("response.output_item.done", new() { ["output_index"] = index, ["item"] = item.DeepClone() });
    }

    private IEnumerable<JsonObject> CallItem(JsonArray output)
    {
        var (index, first, last) = (output.Count, $"{{\"a\":\"{Word()}\",", $"\"b\":\"{Word()}\"}}");
        var item = new JsonObject { ["type"] = "function_call", ["id"] = $"fc_{index}", ["call_id"] = $"call_{index}", ["name"] = $"tool_{index}", ["arguments"] = first + last };
        output.Add(item);
        var begun = item.DeepClone().AsObject();
        begun["arguments"] = "";
        yield return Event("response.output_item.added", new() { ["output_index"] = index, ["item"] = begun });
        foreach (var piece in (string[])[first, last])
            yield return Event("response.function_call_arguments.delta", new() { ["item_id"] = $"fc_{index}", ["output_index"] = index, ["delta"] = piece });

        yield return Event("response.output_item.done", new() { ["output_index"] = index, ["item"] = item.DeepClone() });
    }

    private IEnumerable<JsonObject> Messages()
    {
        var index = 0;
        yield return Event("message_start", new() { ["message"] = new JsonObject { ["id"] = "m", ["type"] = "message", ["content"] = new JsonArray(), ["usage"] = new JsonObject { ["input_tokens"] = 7 } } });
        if (random.Next(2) == 0)
        {
            var thinking = random.Next(4) > 0 ? new JsonObject { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" } : new JsonObject { ["type"] = "redacted_thinking", ["data"] = Word() };
            var pieces = thinking["type"]!.GetValue<string>() == "thinking" ? (JsonObject[])[Piece("thinking", Word()), Piece("thinking", Word()), Piece("signature", Word())] : [];
            foreach (var frame in Block(index++, thinking, pieces))
                yield return frame;
        }

        foreach (var frame in Block(index++, new() { ["type"] = "text", ["text"] = random.Next(3) == 0 ? Word() : "" }, [.. Enumerable.Range(0, random.Next(4)).Select(_ => Piece("text", Word()))]))
            yield return frame;

        for (var count = random.Next(3); count > 0; count--)
        {
            JsonObject[] pieces = random.Next(3) > 0 ? [Piece("partial_json", $"{{\"a\":\"{Word()}\","), Piece("partial_json", $"\"b\":\"{Word()}\"}}")] : [];
            var input = pieces.Length == 0 ? new JsonObject { ["a"] = Word() } : [];
            foreach (var frame in Block(index++, new() { ["type"] = "tool_use", ["id"] = $"call_{count}", ["name"] = $"tool_{count}", ["input"] = input }, pieces))
                yield return frame;
        }

        yield return Event("message_delta", new() { ["delta"] = new JsonObject { ["stop_reason"] = Pick("end_turn", "max_tokens", "tool_use") }, ["usage"] = new JsonObject { ["output_tokens"] = 3 } });
        yield return Event("message_stop", []);
    }

    private static IEnumerable<JsonObject> Block(int index, JsonObject block, JsonObject[] pieces) =>
    [
        Event("content_block_start", new() { ["index"] = index, ["content_block"] = block }),
        .. pieces.Select(piece => Event("content_block_delta", new() { ["index"] = index, ["delta"] = piece })),
        Event("content_block_stop", new() { ["index"] = index }),
    ];

    private static JsonObject Piece(string name, string text) => new() { ["type"] = name == "partial_json" ? "input_json_delta" : $"{name}_delta", [name] = text };

    private static JsonObject Event(string type, JsonObject members)
    {
        members.Insert(0, "type", type);
        return members;
    }
}
