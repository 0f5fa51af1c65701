using System.Text;
using System.Text.Json.Nodes;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream.Requests;

/// <summary>What happens to the options of a request in each API.</summary>
public sealed class RequestOptionsTests
{
    // Kept with the task; only who asks is for the server.
    private const string Metadata = "metadata";

    private static readonly UpstreamOptions Options = new() { Model = "m" };

    public static TheoryData<UpstreamApi, string> Fields
    {
        get
        {
            var fields = new TheoryData<UpstreamApi, string>();
            foreach (var api in Enum.GetValues<UpstreamApi>())
            {
                foreach (var name in OpenAiChatFields.Body.Where(static option => option.Value == FieldHandling.Passed).Select(static option => option.Key))
                    fields.Add(api, name);
            }

            return fields;
        }
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Every_option_of_Chat_Completions_is_passed_on_or_named(UpstreamApi api, string name)
    {
        var tools = name is "tool_choice" or "parallel_tool_calls" ? $"\"tools\":{Value("tools")}" : "";
        var without = Write(api, $$"""{{{tools}}}""");
        var with = Write(api, $$"""{"{{name}}":{{Value(name)}}{{(tools.Length > 0 ? "," : "")}}{{tools}}}""");

        Assert.True(with.Body != without.Body || with.Dropped.Contains(name) || (api, name) is (UpstreamApi.Messages, Metadata), $"{name} got lost in {api}.");
        Assert.All(with.Dropped, field => Assert.Equal(name, field));
    }

    [Theory]
    [InlineData(UpstreamApi.Responses)]
    [InlineData(UpstreamApi.Messages)]
    public void Options_that_ask_for_nothing_are_not_named(UpstreamApi api) =>
        Assert.Empty(Write(api, """{"n":1,"seed":null,"store":false,"presence_penalty":0,"frequency_penalty":0.0,"logit_bias":{},"logprobs":false,"stream":true,"model":"x"}""").Dropped);

    [Theory]
    [InlineData(UpstreamApi.Responses, """{"max_tokens":5}""", """{"max_output_tokens":5}""")]
    [InlineData(UpstreamApi.Responses, """{"max_output_tokens":5}""", """{"max_output_tokens":5}""")]
    [InlineData(UpstreamApi.Responses, """{"max_output_tokens":7,"max_completion_tokens":5}""", """{"max_output_tokens":5}""")]
    [InlineData(UpstreamApi.Responses, """{"reasoning_effort":"low","verbosity":"high"}""", """{"reasoning":{"effort":"low"},"text":{"verbosity":"high"},"include":["reasoning.encrypted_content"]}""")]
    [InlineData(UpstreamApi.Responses, """{"store":true,"logprobs":true,"top_logprobs":2}""", """{"store":true,"include":["message.output_text.logprobs"],"top_logprobs":2}""")]
    [InlineData(UpstreamApi.Responses, """{"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"},"strict":true}}}""",
        """{"text":{"format":{"type":"json_schema","name":"a","schema":{"type":"object"},"strict":true}}}""")]
    [InlineData(UpstreamApi.Responses, """{"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}},{"type":"custom","custom":{"name":"c","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"x"}}}}]}""",
        """{"tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":false},{"type":"custom","name":"c","format":{"type":"grammar","syntax":"lark","definition":"x"}}]}""")]
    [InlineData(UpstreamApi.Responses, """{"tool_choice":{"type":"function","function":{"name":"f"}}}""", """{"tool_choice":{"type":"function","name":"f"}}""")]
    [InlineData(UpstreamApi.Responses, """{"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}}}""",
        """{"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]}}""")]
    [InlineData(UpstreamApi.Messages, """{"max_completion_tokens":5,"stop":"x","temperature":0.5,"top_k":3}""", """{"max_tokens":5,"stop_sequences":["x"],"temperature":0.5,"top_k":3}""")]
    [InlineData(UpstreamApi.Messages, """{"stop_sequences":["x"]}""", """{"stop_sequences":["x"]}""")]
    [InlineData(UpstreamApi.Messages, """{"stop_sequences":["y"],"stop":["x"]}""", """{"stop_sequences":["x"]}""")]
    [InlineData(UpstreamApi.Messages, """{"user":"u","metadata":{"a":"b"},"service_tier":"default"}""", """{"metadata":{"user_id":"u"},"service_tier":"standard_only"}""")]
    [InlineData(UpstreamApi.Messages, """{"reasoning_effort":"high","response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}}}""",
        """{"output_config":{"effort":"high","format":{"type":"json_schema","schema":{"type":"object"}}}}""")]
    [InlineData(UpstreamApi.Messages, """{"reasoning_effort":"none"}""", """{"thinking":{"type":"disabled"}}""")]
    [InlineData(UpstreamApi.Messages, """{"tools":[{"type":"function","function":{"name":"f","description":"d","strict":true}}],"tool_choice":"required","parallel_tool_calls":false}""",
        """{"tools":[{"name":"f","description":"d","input_schema":{"type":"object","properties":{}},"strict":true}],"tool_choice":{"type":"any","disable_parallel_tool_use":true}}""")]
    [InlineData(UpstreamApi.Messages, """{"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}},"cache_control":{"type":"ephemeral"}}],"tool_choice":{"type":"function","function":{"name":"f"}}}""",
        """{"tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],"tool_choice":{"type":"tool","name":"f"}}""")]
    [InlineData(UpstreamApi.Messages, """{"thinking":{"type":"enabled","budget_tokens":1024},"output_config":{"effort":"low"}}""", """{"thinking":{"type":"enabled","budget_tokens":1024},"output_config":{"effort":"low"}}""")]
    public void An_option_has_the_form_of_the_API(UpstreamApi api, string options, string expected)
    {
        var request = Write(api, options);

        Assert.Empty(request.Dropped);
        var body = JsonNode.Parse(request.Body)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(Write(api, "{}").Body)!.AsObject())
        {
            if (JsonNode.DeepEquals(body[name], value))
                body.Remove(name);
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), body), body.ToJsonString());
    }

    [Theory]
    [InlineData("""{"tools":[{"type":"custom","custom":{"name":"c"}}]}""", "tools[0]")]
    [InlineData("""{"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}}}""", "tool_choice")]
    [InlineData("""{"response_format":{"type":"json_object"}}""", "response_format")]
    [InlineData("""{"reasoning_effort":"minimal"}""", "reasoning_effort")]
    [InlineData("""{"system":"s"}""", "system")]
    [InlineData("""{"untranslated":[{"field":"truncation","value":"auto"}]}""", "truncation")]
    public void What_Anthropic_Messages_has_no_form_for_is_named(string options, string field) => Assert.Equal([field], Write(UpstreamApi.Messages, options).Dropped);

    [Theory]
    [InlineData("background", "true")]
    [InlineData("conversation", "\"conv_a\"")]
    [InlineData("input", "\"y\"")]
    [InlineData("previous_response_id", "\"resp_a\"")]
    public void What_Responses_keeps_for_a_client_is_named(string name, string value)
    {
        var request = Write(UpstreamApi.Responses, $$"""{"{{name}}":{{value}}}""");

        Assert.Equal((Write(UpstreamApi.Responses, "{}").Body, name), (request.Body, Assert.Single(request.Dropped)));
    }

    [Theory]
    [InlineData("""{"tool_choice":"auto","parallel_tool_calls":false}""")]
    [InlineData("""{"tool_choice":"none","tools":[]}""")]
    [InlineData("""{"tool_choice":"required"}""", "tool_choice")]
    [InlineData("""{"tool_choice":{"type":"function","function":{"name":"f"}},"tools":[{"type":"custom","custom":{"name":"f"}}]}""", "tools[0]", "tool_choice")]
    public void Without_a_function_Anthropic_Messages_gets_no_choice_of_tools(string options, params string[] dropped)
    {
        var request = Write(UpstreamApi.Messages, options);

        Assert.Equal(dropped, request.Dropped);
        Assert.Equal(Write(UpstreamApi.Messages, "{}").Body, request.Body);
    }

    private static string Value(string name) => name switch
    {
        "tools" => """[{"type":"function","function":{"name":"f"}}]""",
        "functions" => """[{"name":"f"}]""",
        "tool_choice" or "function_call" => "\"none\"",
        "response_format" => """{"type":"json_schema","json_schema":{"name":"a","schema":{}}}""",
        "modalities" => """["text","audio"]""",
        "stop" or "user" or "safety_identifier" or "service_tier" or "prompt_cache_key" or "prompt_cache_retention" or "verbosity" => "\"auto\"",
        "reasoning_effort" => "\"low\"",
        "store" or "logprobs" => "true",
        "parallel_tool_calls" => "false",
        "audio" or "logit_bias" or "metadata" or "moderation" or "prediction" or "prompt_cache_options" or "web_search_options" => """{"a":1}""",
        _ => "2",
    };

    private static (string Body, IReadOnlyList<string> Dropped) Write(UpstreamApi api, string options)
    {
        var request = api.Write(new TaskInput("\"x\""u8.ToArray(), Encoding.UTF8.GetBytes(options)), Options);
        return (Encoding.UTF8.GetString(request.Body.Span), request.Dropped);
    }
}
