using System.Text;
using System.Text.Json.Nodes;
using StreamRelay.Agents.Upstream.Requests;

namespace StreamRelay.Agents.Upstream.Messages;

public sealed class MessagesRequestWriterTests
{
    [Theory]
    [InlineData("\"hello\"", """[{"role":"user","content":"hello"}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"see","cache_control":{"type":"ephemeral"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,QQ=="}},{"type":"image_url","image_url":{"url":"https://a.example/b.png","detail":"auto"}}]}]""",
        """[{"role":"user","content":[{"type":"text","text":"see","cache_control":{"type":"ephemeral"}},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QQ=="}},{"type":"image","source":{"type":"url","url":"https://a.example/b.png"}}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="}},{"type":"file","file":{"filename":"a.txt","file_data":"data:text/plain;base64,aGk="}}]}]""",
        """[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"QQ=="},"title":"a.pdf"},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"hi"},"title":"a.txt"}]}]""")]
    [InlineData("""
        [{"role":"user","content":"x"},
         {"role":"assistant","content":null,"reasoning_content":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"c2ln"},{"type":"reasoning.encrypted","data":"Z0FB"}],
          "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"n\":1}"}},{"id":"b","type":"function","function":{"name":"g","arguments":""},"caller":{"type":"direct"}}]},
         {"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"2"},{"role":"user","content":"next"}]
        """, """
        [{"role":"user","content":"x"},
         {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"redacted_thinking","data":"Z0FB"},
          {"type":"tool_use","id":"a","name":"f","input":{"n":1}},{"type":"tool_use","id":"b","name":"g","input":{},"caller":{"type":"direct"}}]},
         {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"1"},{"type":"tool_result","tool_use_id":"b","content":"2"},{"type":"text","text":"next"}]}]
        """)]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","content":"","refusal":"I won't.","annotations":[]},{"role":"assistant","content":""},{"role":"user","content":"why?"}]""",
        """[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"text","text":"I won't."}]},{"role":"user","content":"why?"}]""")]
    public void A_message_has_the_form_of_the_API(string messages, string expected)
    {
        var request = Write(messages);

        Assert.Empty(request.Dropped);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), Body(request)["messages"]), Body(request).ToJsonString());
    }

    [Theory]
    [InlineData("""[{"role":"system","content":"be brief"},{"role":"user","content":"x"}]""", "\"be brief\"")]
    [InlineData("""[{"role":"developer","content":[{"type":"text","text":"a"},{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"x"}]""",
        """[{"type":"text","text":"a"},{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]""")]
    public void Instructions_before_the_conversation_are_the_system_prompt(string messages, string expected)
    {
        var request = Write(messages);

        Assert.Empty(request.Dropped);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), Body(request)["system"]), Body(request).ToJsonString());
        Assert.Single(Body(request)["messages"]!.AsArray());
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"x"},{"role":"system","content":"y"}]""", "messages[1]")]
    [InlineData("""[{"role":"user","content":"x","name":"bob"}]""", "messages[0].name")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"x"},{"type":"input_audio","input_audio":{"data":"QQ==","format":"wav"}}]}]""", "messages[0].content[1]")]
    [InlineData("""[{"role":"user","content":[{"type":"hologram"}]}]""", "messages[0].content[0]")]
    [InlineData("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.example/b.png","detail":"low"}}]}]""", "messages[0].content[0].detail")]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","content":"y","reasoning_content":"unsigned"}]""", "messages[1].reasoning_content")]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"custom","custom":{"name":"c","input":"any"}}]},{"role":"tool","tool_call_id":"a","content":"1"}]""", "messages[1].tool_calls")]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"c","arguments":"{broken"}}]},{"role":"tool","tool_call_id":"a","content":"1"}]""", "messages[1].tool_calls")]
    public void What_has_no_form_is_named(string messages, string field) => Assert.Equal([field], Write(messages).Dropped);

    [Fact]
    public void The_limit_of_an_answer_is_the_configured_one_unless_the_request_names_one()
    {
        Assert.Equal(1234, Body(Write("\"x\""))["max_tokens"]!.GetValue<int>());
        Assert.Equal(5, Body(MessagesRequestWriter.Write(new("\"x\""u8.ToArray(), """{"max_tokens":5}"""u8.ToArray()), "m", 1234))["max_tokens"]!.GetValue<int>());
    }

    private static UpstreamRequest Write(string messages) => MessagesRequestWriter.Write(new(Encoding.UTF8.GetBytes(messages)), "m", 1234);

    private static JsonObject Body(UpstreamRequest request) => JsonNode.Parse(request.Body.Span)!.AsObject();
}
