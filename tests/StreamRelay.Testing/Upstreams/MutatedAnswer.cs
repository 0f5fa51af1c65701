using System.Text;
using System.Text.Json.Nodes;

namespace StreamRelay.Testing.Upstreams;

/// <summary>An answer of Chat Completions with text, reasoning and parallel calls, changed at random: its fields, its frames and its bytes. The same seed gives the same answer.</summary>
/// <remarks>Each piece of content has a number of its own, written <c>w1x</c>, so that a test finds out what arrived.</remarks>
public sealed class MutatedAnswer
{
    private readonly Random _random;
    private int _words;

    private MutatedAnswer(int seed) => _random = new(seed);

    /// <summary>The body of an answer.</summary>
    public static byte[] Create(int seed) => new MutatedAnswer(seed).Write();

    private byte[] Write()
    {
        var frames = Frames().ToList();
        for (var count = _random.Next(4); count > 0; count--)
            Change(frames[_random.Next(frames.Count)]);

        var bodies = frames.Select(frame => $"data: {frame.ToJsonString()}\n\n").Append(Pick("data: [DONE]\n\n", "data: [DONE] \n\n", "")).ToList();
        for (var count = _random.Next(3); count > 0; count--)
            ChangeFrames(bodies);

        var text = string.Concat(bodies);
        var bytes = Encoding.UTF8.GetBytes(_random.Next(6) switch
        {
            0 => text.ReplaceLineEndings("\r\n"),
            1 => "\uFEFF" + text,
            2 => text.TrimEnd('\n'),
            _ => text,
        });
        return _random.Next(4) == 0 ? ChangeBytes(bytes) : bytes;
    }

    private IEnumerable<JsonObject> Frames()
    {
        yield return Chunk(new() { ["role"] = "assistant", ["content"] = "" });
        for (var count = _random.Next(3); count > 0; count--)
            yield return Chunk(new() { [Pick("reasoning_content", "reasoning")] = Word() });
        for (var count = _random.Next(4); count > 0; count--)
            yield return Chunk(new() { ["content"] = Content() });
        for (var count = _random.Next(3); count > 0; count--)
        {
            var index = count - 1;
            yield return Call(new() { ["index"] = index, ["id"] = $"call_{count}", ["type"] = "function", ["function"] = new JsonObject { ["name"] = $"tool_{count}", ["arguments"] = "" } });
            yield return Call(new() { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = $"{{\"a\":\"{Word()}\"," } });
            yield return Call(new() { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = $"\"b\":\"{Word()}\"}}" } });
        }

        if (_random.Next(3) == 0)
            yield return Chunk(new() { ["refusal"] = Word(), ["extra_content"] = new JsonObject { ["signature"] = Word() } });

        yield return Chunk([], Pick("stop", "length", "tool_calls", "max_tokens"));
        yield return new() { ["choices"] = Pick("[]", "null") == "[]" ? new JsonArray() : null, ["usage"] = new JsonObject { ["prompt_tokens"] = 7.5, ["completion_tokens"] = 3 } };
    }

    private static JsonObject Call(JsonObject call) => Chunk(new() { ["tool_calls"] = new JsonArray(call) });

    private static JsonObject Chunk(JsonObject delta, string? finish = null) =>
        new() { ["id"] = "x", ["object"] = "chat.completion.chunk", ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }) };

    private JsonNode Content() => _random.Next(3) switch
    {
        0 => new JsonArray(new JsonObject { ["type"] = "text", ["text"] = Word() }, new JsonObject { ["type"] = Pick("text", "thinking"), ["text"] = Word() }),
        _ => Word(),
    };

    /// <summary>Changes one field anywhere in a frame.</summary>
    private void Change(JsonObject frame)
    {
        List<JsonObject> objects = [.. Objects(frame).Where(item => item.Count > 0)];
        if (objects.Count == 0)
            return;

        var parent = objects[_random.Next(objects.Count)];
        var name = parent.ElementAt(_random.Next(parent.Count)).Key;
        var value = parent[name];
        switch (_random.Next(4))
        {
            case 0:
                parent.Remove(name);
                break;
            case 1:
                parent.Remove(name);
                parent[Pick("delta", "message", "content", "text", "reasoning", "thinking", "function", "id", "index", "arguments", "unknown", name.ToUpperInvariant())] = value;
                break;
            case 2:
                parent[name] = JsonNode.Parse(Pick("null", "7", "-1.5", "true", "\"\"", "[]", "{}", $"\"{Word()}\"", $$"""[{"type":"text","text":"{{Word()}}"}]""", $$"""{"text":"{{Word()}}"}"""));
                break;
            default:
                parent[name] = value is JsonArray { Count: > 0 } list ? list[0]?.DeepClone() : new JsonArray(value?.DeepClone());
                break;
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject item => item.SelectMany(field => Objects(field.Value)).Prepend(item),
        JsonArray list => list.SelectMany(Objects),
        _ => [],
    };

    private void ChangeFrames(List<string> frames)
    {
        var at = _random.Next(frames.Count);
        switch (_random.Next(6))
        {
            case 0:
                frames.RemoveAt(at);
                frames.Add("");
                break;
            case 1:
                (frames[at], frames[^1]) = (frames[^1], frames[at]);
                break;
            case 2:
                frames[at] = frames[at].TrimEnd('\n') + "\n";
                break;
            case 3:
                frames.Insert(at, Pick(": comment\n\n", "event: ping\ndata: {\"type\":\"ping\"}\n\n", "data:\n\n", "data: {}\n\n", "event: ping\ndata: now\n\n"));
                break;
            case 4:
                frames.Insert(at, Pick("data: {\"error\":{\"message\":\"no\",\"code\":\"c\"}}\n\n", "event: error\ndata: no\n\n", "{\"error\":\"no\"}\n\n"));
                break;
            default:
                frames[at] = frames[at].Replace("data: ", Pick("data:", "event: message\ndata: ", "id: 1\ndata: ", ""), StringComparison.Ordinal);
                break;
        }
    }

    private byte[] ChangeBytes(byte[] bytes)
    {
        var at = _random.Next(bytes.Length);
        switch (_random.Next(3))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[(at + 1)..]];
            default:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
        }
    }

    private string Word() => $"w{++_words}x";

    private string Pick(params string[] values) => values[_random.Next(values.Length)];
}
