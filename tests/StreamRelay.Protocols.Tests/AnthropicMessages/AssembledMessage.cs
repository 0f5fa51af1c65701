using System.Text.Json.Nodes;
using StreamRelay.Events;
using StreamRelay.TestSupport.Streams;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>A message as a client assembles it from its stream, which has one block open at a time.</summary>
internal sealed class AssembledMessage
{
    private readonly List<JsonObject> _blocks = [];
    private int? _open;
    private string _json = "";

    /// <summary>The blocks.</summary>
    public JsonArray Content => new([.. _blocks.Select(static block => block.DeepClone())]);

    /// <summary>The types of all events, in order.</summary>
    public List<string> Events { get; } = [];

    public static AssembledMessage Of(IEnumerable<StreamEvent> events)
    {
        var message = new AssembledMessage();
        foreach (var frame in SseText.Frames(Transcript.Encode(AnthropicProtocol.Instance, Entries(events))))
            message.Add(JsonNode.Parse(SseText.Data(frame))!);

        return message;
    }

    /// <summary>The message without a stream.</summary>
    public static JsonNode Whole(IEnumerable<StreamEvent> events)
    {
        var answer = new AnthropicAnswer(Transcript.Request);
        foreach (var entry in Entries(events))
            answer.Add(entry);

        return JsonNode.Parse(answer.ToJson().Span)!;
    }

    private static IEnumerable<StreamEntry> Entries(IEnumerable<StreamEvent> events) =>
        events.Prepend(Transcript.Everything[0]).Select((streamEvent, index) => new StreamEntry(index + 1, DateTimeOffset.UnixEpoch, streamEvent));

    private void Add(JsonNode frame)
    {
        var type = (string)frame["type"]!;
        Events.Add(type);
        switch (type)
        {
            case "content_block_start":
                Assert.Null(_open);
                Assert.Equal(_blocks.Count, (int)frame["index"]!);
                _open = _blocks.Count;
                _json = "";
                _blocks.Add((JsonObject)frame["content_block"]!.DeepClone());
                break;
            case "content_block_delta":
                Assert.Equal(_open, (int)frame["index"]!);
                Apply(_blocks[^1], frame["delta"]!);
                break;
            case "content_block_stop":
                Assert.Equal(_open, (int)frame["index"]!);
                _open = null;
                if (_json.Length > 0)
                    _blocks[^1]["input"] = JsonNode.Parse(_json);
                break;
            case "message_delta":
                Assert.Null(_open);
                break;
        }
    }

    private void Apply(JsonObject block, JsonNode delta)
    {
        switch ((string)delta["type"]!)
        {
            case "text_delta":
                block["text"] = (string)block["text"]! + (string)delta["text"]!;
                break;
            case "thinking_delta":
                block["thinking"] = (string)block["thinking"]! + (string)delta["thinking"]!;
                break;
            case "signature_delta":
                block["signature"] = (string)delta["signature"]!;
                break;
            case "input_json_delta":
                _json += (string)delta["partial_json"]!;
                break;
            case "citations_delta":
                block["citations"] ??= new JsonArray();
                block["citations"]!.AsArray().Add(delta["citation"]!.DeepClone());
                break;
            default:
                Assert.Fail($"Unknown: {delta}");
                break;
        }
    }
}
