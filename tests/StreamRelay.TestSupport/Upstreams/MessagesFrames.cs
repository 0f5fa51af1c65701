using System.Text.Json.Nodes;

namespace StreamRelay.TestSupport.Upstreams;

/// <summary>Writes events of a stream of Anthropic Messages.</summary>
public static class MessagesFrames
{
    public const string Stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    /// <summary>The beginning of an answer.</summary>
    public static string Start => Event("message_start", """
        "message":{"id":"msg_x","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":2,"cache_read_input_tokens":5,"output_tokens":1}}
        """);

    /// <summary>An event with these members.</summary>
    public static string Event(string type, string members) => $"event: {type}\ndata: {{\"type\":\"{type}\",{members.Trim()}}}\n\n";

    /// <summary>The beginning of a block.</summary>
    public static string Begin(int index, string block) => Event("content_block_start", $"\"index\":{index},\"content_block\":{block}");

    /// <summary>A piece of a block.</summary>
    public static string Delta(int index, string delta) => Event("content_block_delta", $"\"index\":{index},\"delta\":{delta}");

    /// <summary>The end of a block.</summary>
    public static string End(int index) => Event("content_block_stop", $"\"index\":{index}");

    /// <summary>A block of text in pieces.</summary>
    public static string Text(int index, params string[] pieces) =>
        Begin(index, """{"type":"text","text":""}""") + string.Concat(pieces.Select(piece => Delta(index, $$"""{"type":"text_delta","text":"{{piece}}"}"""))) + End(index);

    /// <summary>A block of reasoning with its signature.</summary>
    public static string Thinking(int index, string text, string signature) =>
        Begin(index, """{"type":"thinking","thinking":"","signature":""}""") + Delta(index, $$"""{"type":"thinking_delta","thinking":"{{text}}"}""")
        + Delta(index, $$"""{"type":"signature_delta","signature":"{{signature}}"}""") + End(index);

    /// <summary>The beginning of a tool call.</summary>
    public static string Call(int index, string id, string input = "{}", string members = "") =>
        Begin(index, $$"""{"type":"tool_use","id":"{{id}}","name":"look","input":{{input}}{{members}}}""");

    /// <summary>A piece of a tool call's arguments.</summary>
    public static string Arguments(int index, string piece) =>
        Delta(index, $$"""{"type":"input_json_delta","partial_json":{{JsonValue.Create(piece).ToJsonString()}}}""");

    /// <summary>The end of an answer.</summary>
    public static string Finish(string reason = "end_turn", string usage = """{"output_tokens":3}""") =>
        Event("message_delta", $$""" "delta":{"stop_reason":"{{reason}}","stop_sequence":null},"usage":{{usage}} """);
}
