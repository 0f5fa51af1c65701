using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StreamRelay.Server.Protocols;

/// <summary>What a server of models gets of a request for a message.</summary>
public sealed class AnthropicTranslationTests(TranslationFixture fixture) : IClassFixture<TranslationFixture>
{
    [Fact]
    public async Task The_options_of_a_message_have_their_names_and_shapes_in_Chat_Completions()
    {
        await SendAsync("""
            {"model":"relayed","max_tokens":9,"system":"Be brief.","temperature":0.5,"top_p":null,"top_k":4,"stop_sequences":["END"],"metadata":{"user_id":"u"},"service_tier":"standard_only",
             "thinking":{"type":"enabled","budget_tokens":1024},"cache_control":{"type":"ephemeral"},"betas":["b"],
             "output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}},
             "tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true,"eager_input_streaming":true,"defer_loading":false,"allowed_callers":["direct"],"cache_control":{"type":"ephemeral"}},
                      {"type":"custom","name":"g","input_schema":{"type":"object"}}],
             "tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},"messages":[{"role":"user","content":"hi"}]}
            """);
        AssertJson("""
            {"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hi"}],
             "max_completion_tokens":9,"temperature":0.5,"top_k":4,"stop":["END"],"user":"u","service_tier":"default","thinking":{"type":"enabled","budget_tokens":1024},"cache_control":{"type":"ephemeral"},
             "reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{"name":"output","schema":{"type":"object"},"strict":true}},
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true},"cache_control":{"type":"ephemeral"}},
                      {"type":"function","function":{"name":"g","parameters":{"type":"object"}}}],
             "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false}
            """, fixture.LastBody);
    }

    [Theory]
    [InlineData("auto", "auto")]
    [InlineData("any", "required")]
    [InlineData("none", "none")]
    public async Task The_choice_of_a_tool_has_its_name_in_Chat_Completions(string given, string sent)
    {
        await SendAsync($$$"""{"model":"relayed","messages":[{"role":"user","content":"hi"}],"tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"{{{given}}}"}}""");
        Assert.Equal($"\"{sent}\"", Sent("tool_choice"));
    }

    [Fact]
    public async Task Calls_and_results_reasoning_and_marks_for_the_cache_stay_in_the_history()
    {
        await SendAsync("""
            {"model":"relayed","system":[{"type":"text","text":"One."},{"type":"text","text":"Two."}],"messages":[
             {"role":"user","content":[{"type":"text","text":"Weather?","cache_control":{"type":"ephemeral"}}]},
             {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"redacted_thinking","data":"d"},{"type":"text","text":"I look.","citations":null},
               {"type":"tool_use","id":"a","name":"f","input":{"x":1},"caller":{"type":"direct"}},{"type":"tool_use","id":"b","name":"g","input":{},"cache_control":{"type":"ephemeral"},"x_extra":{"extra_content":{"s":1}}}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"b","content":[{"type":"text","text":"2"}],"cache_control":{"type":"ephemeral"}},{"type":"tool_result","tool_use_id":"a","content":"broken","is_error":true},
               {"type":"mid_conv_system","content":[{"type":"text","text":"Hurry."}]},{"type":"text","text":"And now?"}]},
             {"role":"assistant","content":"It "}]}
            """);
        AssertJson("""
            [{"role":"system","content":"One.\n\nTwo."},
             {"role":"user","content":[{"type":"text","text":"Weather?","cache_control":{"type":"ephemeral"}}]},
             {"role":"assistant","content":"I look.","reasoning_content":"Hm.","reasoning_details":[{"type":"reasoning.text","text":"Hm.","signature":"s"},{"type":"reasoning.encrypted","data":"d"}],
              "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},
                {"id":"b","type":"function","extra_content":{"s":1},"cache_control":{"type":"ephemeral"},"function":{"name":"g","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"2","cache_control":{"type":"ephemeral"}}]},{"role":"tool","tool_call_id":"a","content":"broken"},
             {"role":"system","content":"Hurry."},{"role":"user","content":"And now?"},{"role":"assistant","content":"It "}]
            """, Sent("messages"));
    }

    [Fact]
    public async Task Images_and_documents_have_the_shapes_of_Chat_Completions()
    {
        await SendAsync("""
            {"model":"relayed","messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"QQ=="}},{"type":"image","source":{"type":"url","url":"https://x/y.png"}},
             {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"QQ=="},"citations":{"enabled":true}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"A"}},
             {"type":"document","source":{"type":"file","file_id":"f1"}}]}]}
            """);
        AssertJson("""
            [{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,QQ=="}},{"type":"image_url","image_url":{"url":"https://x/y.png"}},
             {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="},"citations":{"enabled":true}},{"type":"file","file":{"file_data":"data:text/plain;base64,QQ=="}},
             {"type":"file","file":{"file_id":"f1"}}]}]
            """, Sent("messages"));
    }

    [Theory]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":"x"}],"tools":[{"name":"f","input_schema":{}},{"type":"web_search_20260318","name":"web_search"},{"type":"bash_20250124","name":"bash"}]}""", "tools[1], tools[2]")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":"x"}],"tools":[{"name":"f","input_schema":{},"defer_loading":true,"input_examples":[{}],"allowed_callers":["code_execution_20260120"]}]}""", "tools[0].defer_loading, tools[0].input_examples, tools[0].allowed_callers")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":"x"}],"container":"c","inference_geo":"eu","mcp_servers":[{}],"output_config":{"task_budget":{}}}""", "container, inference_geo, mcp_servers, output_config.task_budget")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"search_result","content":[],"source":"s","title":"t"},{"type":"container_upload","file_id":"f"}]}]}""", "messages[0].content[1], messages[0].content[2]")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"document","source":{"type":"content","content":"c"}},{"type":"document","source":{"type":"url","url":"https://x/a.pdf"}}]}]}""", "messages[0].content[1].source, messages[0].content[2]")]
    [InlineData("""{"model":"relayed","messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{},"caller":{"type":"code_execution_20260120","tool_id":"t"}},{"type":"server_tool_use","id":"s","name":"web_search","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"image","source":{"type":"url","url":"https://x"}}]}]}]}""", "messages[0].content[0].caller, messages[0].content[1], messages[1].content[0].content[0]")]
    public async Task What_a_model_server_has_no_form_for_is_refused_by_name_or_dropped_where_that_is_allowed(string body, string fields)
    {
        var before = fixture.Requests;
        using var refused = await fixture.Strict.PostAsync("/v1/messages", body);
        var error = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal((400, "invalid_request_error", "untranslatable_field"), ((int)refused.StatusCode, error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.All(fields.Split(", "), field => Assert.Contains($"'{field}'", error.GetProperty("message").GetString()));
        Assert.Equal(before, fixture.Requests);

        using var lenient = await fixture.Lenient.PostAsync("/v1/messages", body);
        await lenient.Content.ReadAsStringAsync();
        Assert.Equal((200, fields), ((int)lenient.StatusCode, lenient.Headers.GetValues("X-StreamRelay-Dropped").Single()));
        Assert.Equal(before + 1, fixture.Requests);
    }

    [Theory]
    [InlineData("""{"model":"relayed"}""", "'messages' is required.")]
    [InlineData("""{"model":"relayed","messages":{}}""", "'messages' must be a list of messages.")]
    [InlineData("""{"model":"relayed","messages":[]}""", "'messages' holds no message.")]
    [InlineData("""{"model":"relayed","messages":[1]}""", "'messages[0]' must be an object.")]
    [InlineData("""{"model":"relayed","messages":[{"role":"tool","content":"x"}]}""", "'messages[0].role' must be one of user, assistant, system.")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user"}]}""", "'messages[0].content' must be a string or a list of blocks.")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":[{"text":"x"}]}]}""", "'messages[0].content[0].type' must be a string.")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":[{"type":"text"}]}]}""", "'messages[0].content[0].text' must be a string.")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":[{"type":"image"}]}]}""", "'messages[0].content[0].source' must be an object with a 'type'.")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"1"}]}]}""", "a result of the tool call 'a'")]
    [InlineData("""{"model":"relayed","messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f"}]}]}""", "'messages[0].content[0].input' must be an object.")]
    [InlineData("""{"model":"relayed","messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":"x"}]}""", "the tool call 'a'")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":"x"}],"system":[{"type":"image","source":{"type":"url","url":"https://x"}}]}""", "'system[0].type' must be text.")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"maybe"}}""", "'tool_choice.type' must be one of auto, any, tool, none.")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":"x"}],"max_tokens":"9"}""", "'max_tokens' must be a number.")]
    [InlineData("""{"model":"relayed","messages":[{"role":"user","content":"x"}],"tools":[{"input_schema":{}}]}""", "'tools[0].name' must be a string.")]
    public async Task A_malformed_request_is_refused_with_the_reason(string body, string reason)
    {
        using var refused = await fixture.Strict.PostAsync("/v1/messages", body);
        var error = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((400, "error", "invalid_request_error"), ((int)refused.StatusCode, error.GetProperty("type").GetString(), error.GetProperty("error").GetProperty("type").GetString()));
        Assert.Contains(reason, error.GetProperty("error").GetProperty("message").GetString());
    }

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"Expected {JsonNode.Parse(expected)!.ToJsonString()}\nbut got  {actual}");

    private string Sent(string field) => JsonElement.Parse(fixture.LastBody).GetProperty(field).GetRawText();

    private async Task SendAsync(string body)
    {
        using var answer = await fixture.Strict.PostAsync("/v1/messages", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
