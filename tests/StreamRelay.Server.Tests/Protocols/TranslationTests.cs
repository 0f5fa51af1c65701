using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StreamRelay.Server.Protocols;

/// <summary>What a server of models gets of a request in each protocol.</summary>
public sealed class TranslationTests(TranslationFixture fixture) : IClassFixture<TranslationFixture>
{
    private const string Parallel = """
        [{"role":"user","content":"Weather?"},
         {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},
         {"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"{\"c\":2}"}]
        """;

    [Fact]
    public async Task A_chat_request_goes_through_as_it_came_but_for_the_model_and_streaming()
    {
        const string Rest = """
            "messages":[{"role":"system","content":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}]},
              {"role":"user","name":"Ada","content":[{"type":"text","text":"ü 😀"},{"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}},{"type":"video_url","video_url":{"url":"https://x"}}]},
              {"role":"assistant","content":null,"reasoning_content":"Hm.","refusal":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1.0}"},"extra_content":{"google":{"thought_signature":"s"}}}]},
              {"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"1"}]}],
            "functions":[{"name":"old"}],"function_call":"auto","logprobs":true,"top_logprobs":2,"top_k":40,"chat_template_kwargs":{"enable_thinking":false},
            "prediction":{"type":"content","content":"x"},"modalities":["text"],"audio":null,"temperature":1.0,"metadata":{"a":"b"},"store":false,
            "tools":[{"type":"function","function":{"name":"f","strict":true}},{"type":"custom","custom":{"name":"g"}},{"type":"web_search"}],
            "tool_choice":{"type":"function","function":{"name":"f"}},"response_format":{"type":"json_object"}
            """;
        await SendAsync("/v1/chat/completions", $$"""{"model":"relayed","stream":false,{{Rest}}}""");
        AssertJson($$"""{"model":"m","stream":true,"stream_options":{"include_usage":true},{{Rest}}}""", fixture.LastBody);
        Assert.Contains("ü 😀", fixture.LastBody);
        Assert.Contains("\"temperature\":1.0", fixture.LastBody);
    }

    [Fact]
    public async Task The_options_of_a_response_have_their_names_and_shapes_in_Chat_Completions()
    {
        await SendAsync("/v1/responses", """
            {"model":"relayed","input":"hi","instructions":"Be brief.","max_output_tokens":9,"temperature":0.5,"top_p":null,"parallel_tool_calls":false,"top_logprobs":3,"truncation":"disabled",
             "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},"reasoning":{"effort":"low","summary":"auto"},
             "include":["reasoning.encrypted_content"],"store":true,"metadata":{"a":"b"},"prompt_cache_key":"k","user":"u","top_k":4,
             "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":null}],"tool_choice":{"type":"function","name":"f"}}
            """);
        AssertJson("""
            {"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hi"}],
             "max_completion_tokens":9,"temperature":0.5,"parallel_tool_calls":false,"top_logprobs":3,"logprobs":true,
             "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},"verbosity":"low","reasoning_effort":"low",
             "prompt_cache_key":"k","user":"u","top_k":4,
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}],"tool_choice":{"type":"function","function":{"name":"f"}}}
            """, fixture.LastBody);
    }

    [Fact]
    public async Task A_response_repeats_the_values_that_are_used_and_no_others()
    {
        const string Given = """
            "instructions":"Be brief.","reasoning":{"effort":"low"},"text":{"format":{"type":"json_object"}},"tools":[{"type":"function","name":"f"}],"tool_choice":"required","service_tier":"flex"
            """;
        using var answer = await fixture.Strict.PostAsync("/v1/responses", $$"""{"model":"relayed","input":"hi",{{Given}}}""");
        var response = await answer.Content.ReadFromJsonAsync<JsonElement>();
        foreach (var field in JsonElement.Parse($$"""{{{Given}}}""").EnumerateObject())
            AssertJson(field.Value.GetRawText(), response.GetProperty(field.Name).GetRawText());

        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (response.GetProperty("temperature").ValueKind, response.GetProperty("top_p").ValueKind));
    }

    [Theory]
    [InlineData("\"auto\"", "\"auto\"")]
    [InlineData("\"required\"", "\"required\"")]
    [InlineData("""{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]}""",
        """{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}}""")]
    public async Task The_choice_of_a_tool_has_the_shape_of_Chat_Completions(string given, string sent)
    {
        await SendAsync("/v1/responses", $$"""{"model":"relayed","input":"hi","tools":[{"type":"function","name":"f"}],"tool_choice":{{given}}}""");
        AssertJson(sent, Sent("tool_choice"));
    }

    [Fact]
    public async Task A_tool_that_takes_any_text_has_its_shape_in_Chat_Completions()
    {
        await SendAsync("/v1/responses", """
            {"model":"relayed","input":"hi","tool_choice":{"type":"custom","name":"g"},
             "tools":[{"type":"custom","name":"g","description":"d","format":{"type":"grammar","syntax":"lark","definition":"x"}},{"type":"custom","name":"h","format":{"type":"text"}}]}
            """);
        AssertJson("""
            [{"type":"custom","custom":{"name":"g","description":"d","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"x"}}}},
             {"type":"custom","custom":{"name":"h","format":{"type":"text"}}}]
            """, Sent("tools"));
        AssertJson("""{"type":"custom","custom":{"name":"g"}}""", Sent("tool_choice"));
    }

    [Fact]
    public async Task Parallel_calls_of_a_response_are_one_message_and_their_results_follow_it()
    {
        await SendAsync("/v1/responses", """
            {"model":"relayed","input":[{"role":"user","content":"Weather?"},
             {"type":"function_call","id":"fc_1","call_id":"a","name":"f","arguments":"{\"x\":1}","status":"completed"},{"type":"function_call","call_id":"b","name":"g","arguments":"{}"},
             {"type":"function_call_output","call_id":"b","output":"{\"c\":2}"},{"type":"function_call_output","call_id":"a","output":"1"}]}
            """);
        var swapped = JsonNode.Parse(Parallel)!.AsArray();
        var last = swapped[3]!;
        swapped.RemoveAt(3);
        swapped.Insert(2, last);
        AssertJson(swapped.ToJsonString(), Sent("messages"));
    }

    [Fact]
    public async Task Parallel_calls_of_an_AI_SDK_chat_are_one_message_and_each_step_is_its_own()
    {
        await SendAsync("/api/chat", """
            {"id":"chat-parallel","messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"Weather?"}]},
             {"id":"2","role":"assistant","parts":[{"type":"step-start"},
               {"type":"tool-f","toolCallId":"a","state":"output-available","input":{"x":1},"output":"1"},{"type":"dynamic-tool","toolName":"g","toolCallId":"b","state":"output-available","input":{},"output":{"c":2}},
               {"type":"step-start"},{"type":"reasoning","text":"Hm.","providerMetadata":{"anthropic":{"signature":"s"}}},{"type":"text","text":"It "},{"type":"text","text":"rains."},{"type":"data-x","data":1},{"type":"source-url","sourceId":"1","url":"x"}]},
             {"id":"3","role":"user","parts":[{"type":"text","text":"And now?"}]}]}
            """);
        var expected = JsonNode.Parse(Parallel)!.AsArray();
        expected.Add(JsonNode.Parse("""{"role":"assistant","content":"It rains.","reasoning_content":"Hm.","reasoning_details":[{"type":"reasoning.text","text":"Hm.","signature":"s"}]}"""));
        expected.Add(JsonNode.Parse("""{"role":"user","content":"And now?"}"""));
        AssertJson(expected.ToJsonString(), Sent("messages"));
    }

    [Fact]
    public async Task Parallel_calls_of_an_AG_UI_thread_are_one_message_and_tools_and_context_are_translated()
    {
        await SendAsync("/ag-ui", """
            {"threadId":"t","runId":"parallel","state":{},"tools":[{"name":"f","description":"d","parameters":{"type":"object"}}],"context":[{"description":"City","value":"Paris"}],"forwardedProps":{"temperature":0.2},
             "messages":[{"id":"1","role":"user","content":"Weather?"},
              {"id":"2","role":"assistant","toolCalls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},{"id":"3","role":"assistant","toolCalls":[{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},
              {"id":"4","role":"tool","toolCallId":"a","content":"1"},{"id":"5","role":"activity","activityType":"x","content":{}},{"id":"6","role":"tool","toolCallId":"b","content":"{\"c\":2}"}]}
            """);
        var expected = JsonNode.Parse(Parallel)!.AsArray();
        expected.Insert(0, JsonNode.Parse("""{"role":"system","content":"City:\nParis"}"""));
        AssertJson(expected.ToJsonString(), Sent("messages"));
        AssertJson("""[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}]""", Sent("tools"));
        Assert.Equal("0.2", Sent("temperature"));
    }

    [Theory]
    [InlineData("/v1/responses", """{"model":"relayed","input":[{"role":"user","content":[{"type":"input_image","image_url":"https://x/y.png","detail":"high"},{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="},{"type":"input_file","file_id":"f1"},{"type":"input_audio","input_audio":{"data":"QQ==","format":"mp3"}}]}]}""",
        """[{"type":"image_url","image_url":{"url":"https://x/y.png","detail":"high"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="}},{"type":"file","file":{"file_id":"f1"}},{"type":"input_audio","input_audio":{"data":"QQ==","format":"mp3"}}]""")]
    [InlineData("/api/chat", """{"id":"media","messages":[{"id":"1","role":"user","parts":[{"type":"file","mediaType":"image/png","url":"https://x/y.png"},{"type":"file","mediaType":"application/pdf","filename":"a.pdf","url":"data:application/pdf;base64,QQ=="},{"type":"file","mediaType":"audio/wav","url":"data:audio/wav;base64,QQ=="}]}]}""",
        """[{"type":"image_url","image_url":{"url":"https://x/y.png"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="}},{"type":"input_audio","input_audio":{"data":"QQ==","format":"wav"}}]""")]
    [InlineData("/ag-ui", """{"threadId":"t","runId":"media","messages":[{"id":"1","role":"user","content":[{"type":"image","source":{"type":"data","value":"QQ==","mimeType":"image/jpeg"}},{"type":"image","source":{"type":"url","value":"https://x/y.png"}},{"type":"document","source":{"type":"file","value":"f1"}},{"type":"binary","mimeType":"image/png","data":"QQ=="}]}]}""",
        """[{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,QQ=="}},{"type":"image_url","image_url":{"url":"https://x/y.png"}},{"type":"file","file":{"file_id":"f1"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,QQ=="}}]""")]
    public async Task Media_have_the_shapes_of_Chat_Completions_and_need_no_text_beside_them(string path, string body, string parts)
    {
        await SendAsync(path, body);
        AssertJson($$"""[{"role":"user","content":{{parts}}}]""", Sent("messages"));
    }

    [Fact]
    public async Task Custom_calls_refusals_and_reasoning_of_a_response_stay_in_the_history()
    {
        await SendAsync("/v1/responses", """
            {"model":"relayed","input":[{"role":"user","content":"a"},{"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"e"},
             {"type":"message","id":"m","status":"completed","role":"assistant","content":[{"type":"output_text","text":"b","annotations":[]}]},
             {"type":"custom_tool_call","call_id":"c","name":"g","input":"raw"},{"type":"custom_tool_call_output","call_id":"c","output":[{"type":"input_text","text":"1"}]},
             {"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"No."}]},{"role":"developer","content":"d"}]}
            """);
        AssertJson("""
            [{"role":"user","content":"a"},
             {"role":"assistant","content":"b","reasoning_content":"Hm.","reasoning_details":[{"type":"reasoning.text","text":"Hm.","signature":"e"}],"tool_calls":[{"id":"c","type":"custom","custom":{"name":"g","input":"raw"}}]},
             {"role":"tool","tool_call_id":"c","content":"1"},{"role":"assistant","content":"","refusal":"No."},{"role":"developer","content":"d"}]
            """, Sent("messages"));
    }

    [Fact]
    public async Task What_a_model_server_added_to_its_answer_goes_back_to_it_from_every_protocol()
    {
        await SendAsync("/v1/responses", """
            {"model":"relayed","input":[{"role":"user","content":[{"type":"input_text","text":"x","prompt_cache_breakpoint":{"type":"a"}}]},
             {"type":"reasoning","id":"r","summary":[],"x_extra":{"reasoning_details":[1]}},
             {"type":"function_call","call_id":"a","name":"f","arguments":"{}","x_extra":{"extra_content":{"s":1}}},{"type":"function_call_output","call_id":"a","output":"1"}]}
            """);
        AssertJson("""
            [{"role":"user","content":[{"type":"text","text":"x","prompt_cache_breakpoint":{"type":"a"}}]},
             {"role":"assistant","content":null,"reasoning_details":[1],"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"s":1}}]},
             {"role":"tool","tool_call_id":"a","content":"1"}]
            """, Sent("messages"));

        const string Expected = """
            [{"role":"assistant","content":"y","reasoning_content":"Hm.","signature":"s","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"s":1}}]},
             {"role":"tool","tool_call_id":"a","content":"1"}]
            """;
        await SendAsync("/api/chat", """
            {"id":"extras","messages":[{"id":"1","role":"assistant","parts":[{"type":"reasoning","text":"Hm.","providerMetadata":{"upstream":{"signature":"s"}}},{"type":"text","text":"y"},
             {"type":"tool-f","toolCallId":"a","state":"output-available","input":{},"output":1,"callProviderMetadata":{"upstream":{"extra_content":{"s":1}}}}]}]}
            """);
        AssertJson(Expected, Sent("messages"));
        await SendAsync("/ag-ui", """
            {"threadId":"t","runId":"extras","messages":[{"id":"1","role":"reasoning","content":"Hm.","metadata":{"upstream":{"signature":"s"},"mine":{"x":1}}},
             {"id":"2","role":"assistant","content":"y","toolCalls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"metadata":{"upstream":{"extra_content":{"s":1}}}}]},{"id":"3","role":"tool","toolCallId":"a","content":"1"}]}
            """);
        AssertJson(Expected, Sent("messages"));
    }

    [Theory]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","tools":[{"type":"function","name":"f"},{"type":"web_search"},{"type":"mcp","server_label":"s"}]}""", "tools[1], tools[2]")]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","tool_choice":{"type":"file_search"}}""", "tool_choice")]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","max_tool_calls":2,"tools":[{"type":"web_search"}]}""", "max_tool_calls, tools[0]")]
    [InlineData("/v1/responses", """{"model":"relayed","input":[{"role":"user","content":[{"type":"input_file","file_id":"f","detail":"high"}]}]}""", "input[0].content[0].detail")]
    [InlineData("/v1/responses", """{"model":"relayed","input":[{"role":"user","content":"x"},{"type":"computer_call_output","call_id":"i"}]}""", "input[1]")]
    [InlineData("/v1/responses", """{"model":"relayed","input":[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_file","file_url":"https://x"}]}]}""", "input[0].content[1]")]
    [InlineData("/v1/responses", """{"model":"relayed","input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}],"phase":"commentary"}]}""", "input[0].phase, input[0].content[0]")]
    [InlineData("/v1/responses", """{"model":"relayed","input":[{"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"a","output":[{"type":"input_image","image_url":"https://x"}]}]}""", "input[1].output[0]")]
    [InlineData("/api/chat", """{"id":"refused","messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"x"},{"type":"file","mediaType":"video/mp4","url":"https://x"},{"type":"custom","kind":"a.b"}]}]}""", "messages[0].parts[2], messages[0].parts[1]")]
    [InlineData("/ag-ui", """{"threadId":"t","runId":"refused","state":{"a":1},"messages":[{"id":"1","role":"user","content":[{"type":"text","text":"x"},{"type":"audio","source":{"type":"url","value":"https://x"}}]}]}""", "state, messages[0].content[1]")]
    [InlineData("/ag-ui", """{"threadId":"t","runId":"provider","messages":[{"id":"1","role":"user","content":[{"type":"text","text":"x"},{"type":"document","source":{"type":"file","value":"f","provider":"openai"}}]}]}""", "messages[0].content[1].source.provider")]
    [InlineData("/api/chat", """{"id":"reference","messages":[{"id":"1","role":"user","parts":[{"type":"file","mediaType":"image/png","url":"https://x","providerReference":{"openai":"f"}}]}]}""", "messages[0].parts[0].providerReference")]
    public async Task What_a_model_server_has_no_form_for_is_refused_by_name_or_dropped_where_that_is_allowed(string path, string body, string fields)
    {
        var before = fixture.Requests;
        using var refused = await fixture.Strict.PostAsync(path, body);
        var text = await refused.Content.ReadAsStringAsync();
        Assert.Equal(400, (int)refused.StatusCode);
        Assert.All(fields.Split(", "), field => Assert.Contains($"'{field}'", text));
        Assert.Equal(before, fixture.Requests);

        using var lenient = await fixture.Lenient.PostAsync(path, body);
        await lenient.Content.ReadAsStringAsync();
        Assert.Equal((200, fields), ((int)lenient.StatusCode, lenient.Headers.GetValues("X-StreamRelay-Dropped").Single()));
        Assert.Equal(before + 1, fixture.Requests);
        Assert.DoesNotContain("untranslated", fixture.LastBody);
        Assert.DoesNotContain("attachment", fixture.LastBody);
    }

    [Theory]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","prompt":{"id":"p"}}""", "'prompt' is not supported, because no prompts are kept here.")]
    [InlineData("/v1/responses", """{"model":"relayed","input":[{"role":"user","content":[{"type":"hologram"}]}]}""", "'input[0].content[0].type' must be one of")]
    [InlineData("/v1/responses", """{"model":"relayed","input":[{"type":"function_call","name":"f","arguments":"{}"}]}""", "'input[0].call_id' must be a string.")]
    [InlineData("/v1/responses", """{"model":"relayed","input":[{"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"role":"user","content":"x"}]}""", "the tool call 'a'")]
    [InlineData("/v1/responses", """{"model":"relayed","input":[{"type":"function_call_output","call_id":"a","output":"1"}]}""", "a result of the tool call 'a'")]
    [InlineData("/v1/responses", """{"model":"relayed","input":[]}""", "'input' holds no message.")]
    [InlineData("/v1/chat/completions", """{"model":"relayed","messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}]}""", "the tool call 'a'")]
    [InlineData("/api/chat", """{"id":"open","messages":[{"id":"1","role":"assistant","parts":[{"type":"tool-f","toolCallId":"a","state":"input-available","input":{}}]},{"id":"2","role":"user","parts":[]}]}""", "the tool call 'a'")]
    [InlineData("/ag-ui", """{"threadId":"t","runId":"empty","messages":[]}""", "'messages' holds no message.")]
    public async Task A_history_that_no_model_server_takes_is_refused_with_the_reason(string path, string body, string reason)
    {
        var before = fixture.Requests;
        using var refused = await fixture.Strict.PostAsync(path, body);
        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Contains(reason, (await refused.Content.ReadAsStringAsync()).Replace("\\u0027", "'"));
        Assert.Equal(before, fixture.Requests);
    }

    [Fact]
    public async Task A_denied_call_has_its_denial_as_its_result_and_an_unfinished_one_was_not_made()
    {
        await SendAsync("/api/chat", """
            {"id":"denied","messages":[{"id":"1","role":"assistant","parts":[{"type":"tool-f","toolCallId":"a","state":"output-denied","input":{},"approval":{"id":"p","approved":false,"reason":"Not now."}},
             {"type":"tool-f","toolCallId":"b","state":"output-error","input":{},"errorText":"Broken."},{"type":"tool-f","toolCallId":"c","state":"input-streaming","input":{}}]}]}
            """);
        AssertJson("""
            [{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"a","content":"Not now."},{"role":"tool","tool_call_id":"b","content":"Broken."}]
            """, Sent("messages"));
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"relayed","messages":[{"role":"system","content":"x"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"relayed","messages":[{"role":"user","content":""}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"shell","messages":[]}""")]
    [InlineData("/v1/responses", """{"model":"shell","input":""}""")]
    [InlineData("/ag-ui/shell", """{"threadId":"t","runId":"nothing","messages":[],"tools":[],"context":[]}""")]
    public async Task Each_agent_says_what_it_needs(string path, string body) => await SendAsync(path, body);

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"probe","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", "messages")]
    [InlineData("/v1/responses", """{"model":"write_tutorial","input":""}""", "input")]
    [InlineData("/v1/tasks", """{"agent":"probe","input":" "}""", "input")]
    [InlineData("/ag-ui/probe", """{"threadId":"t","runId":"needs","messages":[]}""", "messages")]
    public async Task An_agent_that_needs_text_refuses_a_request_without_it(string path, string body, string field)
    {
        using var refused = await fixture.Strict.PostAsync(path, body);
        var error = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal((400, field, "no_user_message"), ((int)refused.StatusCode, error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
    }

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"Expected {JsonNode.Parse(expected)!.ToJsonString()}\nbut got  {actual}");

    private string Sent(string field) => JsonElement.Parse(fixture.LastBody).GetProperty(field).GetRawText();

    private async Task SendAsync(string path, string body)
    {
        using var answer = await fixture.Strict.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        Assert.DoesNotContain("error", text.Replace("\"error\":null", ""));
    }
}
