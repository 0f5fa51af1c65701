using System.Text;
using System.Text.Json.Nodes;
using StreamRelay.Agents.Upstream.Requests;

namespace StreamRelay.Agents.Upstream.Responses;

public sealed class ResponsesRequestWriterTests
{
    [Theory]
    [InlineData("\"hello\"", """[{"type":"message","role":"user","content":"hello"}]""")]
    [InlineData("""[{"role":"system","content":"be brief"},{"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"https://a.example/b.png","detail":"low"}},{"type":"file","file":{"file_id":"f1"}}]}]""",
        """[{"type":"message","role":"system","content":"be brief"},{"type":"message","role":"user","content":[{"type":"input_text","text":"see"},{"type":"input_image","image_url":"https://a.example/b.png","detail":"low"},{"type":"input_file","file_id":"f1"}]}]""")]
    [InlineData("""
        [{"role":"assistant","content":"so","reasoning_content":"hm","phase":"commentary","reasoning_details":[{"type":"reasoning.encrypted","data":"Z0FB"}],
          "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"n\": 1}"}},{"id":"b","type":"custom","custom":{"name":"g","input":"any"}}]},
         {"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"2"},{"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}]
        """, """
        [{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"reasoning","summary":[],"encrypted_content":"Z0FB"},
         {"type":"message","role":"assistant","content":[{"type":"output_text","text":"so"}],"phase":"commentary"},
         {"type":"function_call","call_id":"a","name":"f","arguments":"{\"n\": 1}"},{"type":"custom_tool_call","call_id":"b","name":"g","input":"any"},
         {"type":"function_call_output","call_id":"a","output":"1"},
         {"type":"custom_tool_call_output","call_id":"b","output":[{"type":"input_text","text":"2"},{"type":"input_image","image_url":"https://a.example/b.png"}]}]
        """)]
    [InlineData("""[{"role":"assistant","content":null,"refusal":"I won't."}]""", """[{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"I won't."}]}]""")]
    public void A_message_is_written_as_items(string messages, string expected)
    {
        var request = Write(messages);

        Assert.Empty(request.Dropped);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), Body(request)["input"]), Body(request).ToJsonString());
    }

    [Theory]
    [InlineData("""[{"role":"function","name":"f","content":"x"}]""", "messages[0]")]
    [InlineData("""[{"role":"user","content":"x","name":"bob"}]""", "messages[0].name")]
    [InlineData("""[{"role":"user","content":[{"type":"hologram"}]}]""", "messages[0].content[0]")]
    [InlineData("""[{"role":"user","content":[{"type":"attachment","attachment":{"field":"parts[1]","kind":"video","url":"https://a.example/b.mp4"}}]}]""", "parts[1]")]
    public void What_has_no_form_is_named(string messages, string field) => Assert.Equal([field], Write(messages).Dropped);

    [Fact]
    public void The_server_is_asked_to_encrypt_reasoning_only_where_there_is_some()
    {
        Assert.Null(Body(Write("\"x\""))["include"]);
        Assert.Equal("""["reasoning.encrypted_content"]""",
            Body(Write("""[{"role":"assistant","content":"x","reasoning_details":[{"type":"reasoning.encrypted","data":"Z0FB"}]}]"""))["include"]!.ToJsonString());
        Assert.False(Body(Write("\"x\""))["store"]!.GetValue<bool>());
    }

    private static UpstreamRequest Write(string messages) => ResponsesRequestWriter.Write(new(Encoding.UTF8.GetBytes(messages)), "m");

    private static JsonObject Body(UpstreamRequest request) => JsonNode.Parse(request.Body.Span)!.AsObject();
}
