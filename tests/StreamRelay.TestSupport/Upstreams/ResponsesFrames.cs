using System.Text.Json.Nodes;

namespace StreamRelay.TestSupport.Upstreams;

/// <summary>Writes events of a stream of OpenAI Responses.</summary>
public static class ResponsesFrames
{
    /// <summary>An event with these members.</summary>
    public static string Event(string type, string members) => $$"""
        event: {{type}}
        data: {"type":"{{type}}",{{members}}}


        """.ReplaceLineEndings("\n");

    /// <summary>The beginning of an answer.</summary>
    public static string Created => Event("response.created", """ "response":{"id":"resp_x","object":"response","status":"in_progress","output":[]} """);

    /// <summary>The beginning of an item.</summary>
    public static string Added(int index, string item) => Event("response.output_item.added", $"\"output_index\":{index},\"item\":{item}");

    /// <summary>The whole item.</summary>
    public static string Done(int index, string item) => Event("response.output_item.done", $"\"output_index\":{index},\"item\":{item}");

    /// <summary>A piece of text.</summary>
    public static string Text(string text, int index = 0, string members = "") => Event("response.output_text.delta", $$"""
        "item_id":"msg_{{index}}","output_index":{{index}},"content_index":0,"delta":"{{text}}"{{members}}
        """);

    /// <summary>A message as an item.</summary>
    public static string Message(string text, string members = "") => $$"""
        {"id":"msg_0","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"{{text}}","annotations":[]}]{{members}}}
        """.Trim();

    /// <summary>A message of several parts as an item.</summary>
    public static string Parts(params string[] texts) =>
        $$"""{"id":"msg_0","type":"message","role":"assistant","content":[{{string.Join(',', texts.Select(static text => $$"""{"type":"output_text","text":"{{text}}"}"""))}}]}""";

    /// <summary>A piece of a part.</summary>
    public static string PartPiece(int part, string text) => Event("response.output_text.delta", $$"""
        "item_id":"msg_0","output_index":0,"content_index":{{part}},"delta":"{{text}}"
        """);

    /// <summary>The end of a part, in two events.</summary>
    public static string WholePart(int part, string text) =>
        Event("response.output_text.done", $"\"item_id\":\"msg_0\",\"output_index\":0,\"content_index\":{part},\"text\":\"{text}\"")
        + Event("response.content_part.done", $$"""
            "item_id":"msg_0","output_index":0,"content_index":{{part}},"part":{"type":"output_text","text":"{{text}}"}
            """);

    /// <summary>A function call as an item.</summary>
    public static string Call(string id, string arguments, string members = "") => $$"""
        {"id":"fc_{{id}}","type":"function_call","call_id":"{{id}}","name":"look","arguments":{{JsonValue.Create(arguments).ToJsonString()}}{{members}}}
        """.Trim();

    /// <summary>A piece of a call's arguments.</summary>
    public static string Arguments(int index, string piece) => Event("response.function_call_arguments.delta", $$"""
        "item_id":"fc_{{index}}","output_index":{{index}},"delta":{{JsonValue.Create(piece).ToJsonString()}}
        """);

    /// <summary>The end of an answer.</summary>
    /// <param name="output">The items.</param>
    /// <param name="status">The status.</param>
    /// <param name="members">Further members of the response.</param>
    public static string Completed(string output = "", string status = "completed", string members = "") => Event($"response.{status}", $$"""
        "response":{"id":"resp_x","object":"response","status":"{{status}}","output":[{{output}}]{{members}}}
        """);

    /// <summary>The usage of an answer, for the members of its end.</summary>
    public static string Usage => ""","usage":{"input_tokens":7,"input_tokens_details":{"cached_tokens":5},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":10}""";
}
