using System.Text;
using System.Text.Json.Nodes;

namespace StreamRelay.TestSupport.Upstreams;

/// <summary>A <see cref="SampleAnswer"/> that was changed at random: its fields, its frames and its bytes. The same seed gives the same answer.</summary>
public sealed class MutatedAnswer
{
    private readonly Random _random;
    private readonly SampleAnswer _sample;

    private MutatedAnswer(int seed)
    {
        _random = new(seed);
        _sample = new(_random);
    }

    /// <summary>The body of an answer.</summary>
    public static byte[] Create(int seed, UpstreamWire wire = UpstreamWire.Chat) => new MutatedAnswer(seed).Write(wire);

    private byte[] Write(UpstreamWire wire)
    {
        var frames = _sample.Frames(wire).ToList();
        string[] names = [.. frames.Select(static frame => frame["type"]?.GetValue<string>() ?? "")];
        for (var count = _random.Next(4); count > 0; count--)
            Change(frames[_random.Next(frames.Count)]);

        var bodies = frames.Zip(names, static (frame, name) => $"{(name.Length > 0 ? $"event: {name}\n" : "")}data: {frame.ToJsonString()}\n\n").ToList();
        if (wire == UpstreamWire.Chat)
            bodies.Add(_sample.Pick("data: [DONE]\n\n", "data: [DONE] \n\n", ""));

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
                parent[_sample.Pick("delta", "message", "content", "text", "reasoning", "thinking", "function", "id", "index", "arguments", "unknown", name.ToUpperInvariant())] = value;
                break;
            case 2:
                parent[name] = JsonNode.Parse(_sample.Pick("null", "7", "-1.5", "true", "\"\"", "[]", "{}", $"\"{_sample.Word()}\"", $$"""[{"type":"text","text":"{{_sample.Word()}}"}]""", $$"""{"text":"{{_sample.Word()}}"}"""));
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
                frames.Insert(at, _sample.Pick(": comment\n\n", "event: ping\ndata: {\"type\":\"ping\"}\n\n", "data:\n\n", "data: {}\n\n", "event: ping\ndata: now\n\n"));
                break;
            case 4:
                frames.Insert(at, _sample.Pick("data: {\"error\":{\"message\":\"no\",\"code\":\"c\"}}\n\n", "event: error\ndata: no\n\n", "{\"error\":\"no\"}\n\n"));
                break;
            default:
                frames[at] = frames[at].Replace("data: ", _sample.Pick("data:", "event: message\ndata: ", "id: 1\ndata: ", ""), StringComparison.Ordinal);
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
}
